"""An editor moves a seat's due days."""

from datetime import date, timedelta

import pytest
from django.core import mail

from editorial import outbox
from editorial.conditions import Refused
from reviews import reminders
from reviews.models import ReminderDispatch
from tests.desk import Person
from tests.reviews.late import day_after_rule
from tests.reviews.panels import events, force, invited, mail_to, opened, seat_url, use


@pytest.mark.usefixtures("now_is")
def test_an_editor_moves_the_due_day_and_the_mail_carries_it(story):
    seat = story.seat(opened(story), "claire")
    done = Person("tom").fill(seat_url(seat, "extend"), review_on="2026-04-10", reason="She asked for it.")
    assert done.status_code == 302
    after = story.seat(seat.round, "claire")
    assert (after.review_on, after.due_version, after.state) == (date(2026, 4, 10), 2, "accepted")
    assert after.respond_on == seat.respond_on
    assert mail_to("claire")[-1] == "Your review of “How low should blood pressure be?” is now due on 10 April 2026."
    assert events(seat)[-1] == "extended"


@pytest.mark.usefixtures("now_is")
def test_the_day_for_an_answer_is_moved_where_one_is_asked_for(story):
    seat, tom = invited(story), Person("tom")
    assert "respond_on" in tom.fields(seat_url(seat, "extend"), having="stamp")
    assert tom.fill(seat_url(seat, "extend"), respond_on="2026-03-12", reason="Away.").status_code == 302
    after = story.seat(seat.round, "claire")
    assert (after.respond_on, after.review_on, after.due_version) == (date(2026, 3, 12), seat.review_on, 2)
    use(story, seat, "accept", "claire")
    assert "respond_on" not in tom.fields(seat_url(seat, "extend"), having="stamp")


WRONG_DAYS = [
    ({}, "Give a new day."),
    ({"review_on": date(2026, 3, 2)}, "has to lie ahead"),
    ({"review_on": date(2020, 1, 1)}, "has to lie ahead"),
    ({"respond_on": date(2026, 3, 2)}, "has to lie ahead"),
    ({"respond_on": date(2026, 3, 24)}, "can't be due after the review"),
    ({"review_on": date(2026, 3, 6)}, "can't be due after the review"),
]


@pytest.mark.parametrize(("days", "reason"), WRONG_DAYS)
def test_a_day_that_makes_no_sense_is_refused_in_words(days, reason, story):
    seat = invited(story)
    with pytest.raises(Refused, match=reason):
        use(story, seat, "extend", "tom", reason="Why not.", **days)
    assert story.seat(seat.round, "claire").due_version == 1


def test_an_accepted_seat_has_no_answer_to_wait_for(story):
    seat = story.seat(opened(story), "claire")
    with pytest.raises(Refused, match="accepted already"):
        use(story, seat, "extend", "tom", reason="Why.", respond_on=date(2026, 3, 20))


@pytest.mark.usefixtures("now_is")
@pytest.mark.parametrize("day", ["", "yesterday", "2026-02-31", "9" * 40, "2026-03-23"])
def test_a_day_that_is_none_or_the_same_moves_nothing(day, story):
    seat = story.seat(opened(story), "claire")
    assert force(Person("tom"), seat, "extend", review_on=day).status_code in (403, 422)
    assert story.seat(seat.round, "claire").due_version == 1


def test_a_reminder_of_the_old_day_is_skipped_and_one_of_the_new_is_planned(story):
    day_after_rule()
    seat = story.seat(opened(story), "claire")
    late = story.now.replace(month=3, day=24, hour=12)
    reminders.plan(now=late)
    old = ReminderDispatch.objects.get(assignment=seat)
    story.now = late
    use(story, seat, "extend", "tom", reason="Ill.", review_on=date(2026, 4, 10))
    assert reminders.irrelevant(ReminderDispatch.objects.get(pk=old.pk), now=late) == "the due day was moved"
    reminders.plan(now=late + timedelta(days=19))
    assert sorted(ReminderDispatch.objects.filter(assignment=seat).values_list("due_version", flat=True)) == ["1", "2"]


def test_a_mail_about_a_day_that_was_moved_again_is_not_sent(story):
    seat = story.seat(opened(story), "claire")
    use(story, seat, "extend", "tom", reason="Ill.", review_on=date(2026, 4, 10))
    use(story, seat, "extend", "tom", reason="Still ill.", review_on=date(2026, 4, 20))
    outbox.send_due(now=story.now + timedelta(minutes=5))
    sent = [m.body for m in mail.outbox if "now due" in m.body and "Claire" in m.body]
    assert len(sent) == 1
    assert "20 April 2026" in sent[0]
