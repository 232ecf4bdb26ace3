"""A member's due days in their own calendar: read back with the library that calendars are checked with."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from editorial import calendar_address, habits, sending, unsubscribing
from editorial.models import OutboxMessage, User
from reviews import calendar, workflow
from reviews.models import ReviewAssignment
from tests.many import multiply
from tests.story import Story


@pytest.fixture
def seat(story: Story) -> ReviewAssignment:
    return story.seat(story.round(), "claire")


def address(user: User) -> str:
    return calendar_address.address(User.objects.get(pk=user.pk)).removeprefix(settings.PUBLIC_URL)


def events(user: User) -> list:
    answer = Client().get(address(user))
    assert answer.status_code == 200
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_the_feed_holds_a_whole_day_for_each_owed_review(people, seat):
    (event,) = events(people["claire"])
    assert event.decoded("dtstart") == seat.review_on
    assert type(event.decoded("dtstart")) is date
    assert event.decoded("dtend") == seat.review_on + timedelta(days=1)
    assert str(event["uid"]).startswith(f"assignment-{seat.pk}-review@")
    assert event["transp"] == "TRANSPARENT"
    assert event["url"] == f"{settings.PUBLIC_URL}/admin/reviews/{seat.pk}/"
    assert seat.round.article.title in event["summary"]


def test_the_feed_is_private_and_of_the_right_kind(people, seat):
    answer = Client().get(address(people["claire"]))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies
    assert Client().post(address(people["claire"])).status_code == 405


def test_lines_are_folded_and_end_as_the_format_asks(people, story):
    title = "Wie niedrig sollte der Blutdruck bei älteren Menschen mit Diabetes, Nierenschwäche; und so weiter sein?"
    story.round(title=title)
    content = Client().get(address(people["claire"])).content
    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(map(len, content.split(b"\r\n"))) <= 75
    (event,) = events(people["claire"])
    assert title in event["summary"]


def test_a_moved_due_day_keeps_the_uid_and_raises_the_sequence(people, seat, story):
    (before,) = events(people["claire"])
    day = seat.review_on + timedelta(days=5)
    workflow.extend(
        seat.round.article, actor=people["tom"], now=story.tick(), assignment=seat, reason="Ill.", review_on=day
    )
    (after,) = events(people["claire"])
    assert after["uid"] == before["uid"]
    assert int(after["sequence"]) == int(before["sequence"]) + 1
    assert after.decoded("dtstart") == day


def test_a_seat_that_ended_leaves_the_feed(people, seat, story):
    workflow.recuse(seat.round.article, actor=people["claire"], now=story.tick(), assignment=seat, reason="Ill.")
    assert events(people["claire"]) == []


def test_an_alternate_who_stands_by_has_nothing_in_the_feed(people, seat):
    ReviewAssignment.objects.filter(pk=seat.pk).update(seat="alternate")
    assert events(people["claire"]) == []


def test_an_invitation_that_waits_has_a_day_for_the_answer_too(people, seat):
    ReviewAssignment.objects.filter(pk=seat.pk).update(state="invited", respond_on=seat.review_on - timedelta(3))
    found = {str(event["uid"]).split("@")[0]: event for event in events(people["claire"])}
    assert set(found) == {f"assignment-{seat.pk}-review", f"assignment-{seat.pk}-answer"}
    assert found[f"assignment-{seat.pk}-answer"].decoded("dtstart") == seat.review_on - timedelta(3)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Honolulu"])
def test_the_day_is_the_seats_own_wherever_its_member_lives(people, story, zone):
    User.objects.filter(pk=people["claire"].pk).update(time_zone=zone)
    seat = story.seat(story.round(), "claire")
    (event,) = events(people["claire"])
    assert seat.time_zone == zone
    assert event.decoded("dtstart") == seat.review_on


def test_the_mails_event_is_the_feeds_and_asks_for_no_answer(people, seat, story):
    attached = Calendar.from_ical(calendar.invitation(seat, now=story.now))
    (event,), (fed,) = attached.walk("VEVENT"), events(people["claire"])
    assert attached["method"] == "PUBLISH"
    assert (event["uid"], event["sequence"]) == (fed["uid"], fed["sequence"])
    assert "attendee" not in event


def test_anothers_seats_and_the_text_are_not_in_the_feed(people, seat):
    body = Client().get(address(people["claire"])).text
    assert len(events(people["ravi"])) == 1
    assert seat.round.article.short_answer[:30] not in body.replace("\r\n ", "")


def test_a_dead_address_looks_like_none(people, seat):
    claire, missing = people["claire"], Client().get("/none/").text
    old = address(claire)
    habits.renew_calendar(claire, actor=claire)
    wrong = unsubscribing.address(claire).rstrip("/").rpartition("/")[2]
    for path in (old, f"/calendar/{claire.uuid.hex}-2.ics", f"/calendar/{wrong}.ics", "/calendar/none.ics"):
        answer = Client().get(path)
        assert (answer.status_code, answer.text) == (404, missing)
    assert events(claire)
    User.objects.filter(pk=claire.pk).update(is_active=False)
    assert Client().get(address(claire)).status_code == 404


def test_the_feed_costs_the_same_with_many_seats(people, story):
    round, costs = story.round(), []
    for number in (1, 3, 30):
        already = ReviewAssignment.objects.filter(member__user=people["claire"]).count()
        multiply(round, number - already, first=already)
        with CaptureQueriesContext(connection) as queries:
            assert len(events(people["claire"])) == number
        costs.append(len(queries))
    assert len(set(costs)) == 1


def posted(kind: str, seat: ReviewAssignment) -> Calendar:
    """The calendar in the one mail of this kind about this seat, as a mail program finds it."""
    message = OutboxMessage.objects.get(kind=kind, payload__assignment=seat.pk)
    OutboxMessage.objects.exclude(pk=message.pk).update(status=OutboxMessage.Status.DISCARDED)
    sending.send_due(now=message.not_before)
    (sent,) = mail.outbox
    mail.outbox.clear()
    (part,) = [part for part in sent.message().walk() if part.get_content_type() == "text/calendar"]
    assert part.get_filename() == f"review-{seat.pk}.ics"
    return Calendar.from_ical(part.get_payload(decode=True))


def test_the_invitations_mail_carries_the_event(people, seat):
    attached = posted("invitation", seat)
    (event,) = attached.walk("VEVENT")
    assert attached["method"] == "PUBLISH"
    assert event.decoded("dtstart") == seat.review_on


def test_the_mail_about_a_moved_day_carries_the_event_anew(people, seat, story):
    (before,) = events(people["claire"])
    day = seat.review_on + timedelta(days=5)
    workflow.extend(
        seat.round.article, actor=people["tom"], now=story.tick(), assignment=seat, reason="Ill.", review_on=day
    )
    (event,) = posted("extended", seat).walk("VEVENT")
    assert event["uid"] == before["uid"]
    assert int(event["sequence"]) == int(before["sequence"]) + 1
    assert event.decoded("dtstart") == day
