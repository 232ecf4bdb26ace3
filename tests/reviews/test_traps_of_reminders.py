"""Reminders go wrong elsewhere in these ways: one test for each of the traps that docs/traps.md names."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from editorial import outbox, unsubscribing
from editorial.models import OutboxMessage
from reviews import desk, reminders, workflow
from reviews.models import ReminderDispatch, ReviewAssignment
from tests.kept import every_row
from tests.reviews.late import DAY_AFTER, DUE, NOON_AFTER, day_after_rule, effects, lone_seat, planned
from tests.reviews.panels import ask_for_answers, opened, states
from tests.reviews.reminders.ticking import Beat, everybody_lives_in


@pytest.fixture(autouse=True)
def tasks_run_at_once(settings):
    settings.CELERY_TASK_ALWAYS_EAGER = True


def dispatch(now: datetime = NOON_AFTER) -> int:
    return reminders.dispatch_batch(reminders.due(now=now), now=now)


def test_six_runs_at_nine_in_the_evening_in_new_york_send_one_reminder(story):
    """Janeway: the key holds a local date and is looked up by a UTC one, so six of six evening runs sent again."""
    day_after_rule()
    lone_seat(story, "America/New_York")
    everybody_lives_in("America/New_York", hour=21, quiet=(23, 7))
    evenings = [datetime(2026, 3, day, 21, tzinfo=ZoneInfo("America/New_York")) for day in range(24, 30)]
    beat = Beat().run(evenings)
    assert beat.to("claire") == evenings[:1]
    assert ReminderDispatch.objects.count() == 1
    assert effects() == (1, 1)


def test_a_missed_run_loses_no_reminder(story):
    """Janeway and Kotahi: only rows due exactly today are found, so one missed run loses them for ever."""
    day_after_rule()
    lone_seat(story)
    assert reminders.plan(now=DAY_AFTER - timedelta(hours=1)) == 0
    assert reminders.plan(now=DAY_AFTER + timedelta(days=3)) == 1
    assert dispatch(DAY_AFTER + timedelta(days=3)) == 1


def test_two_kinds_of_reminder_about_one_seat_do_not_suppress_each_other(story):
    """pkp-lib #6904 and #7715: both kinds share one “last reminded” field."""
    ask_for_answers()
    day_after_rule()
    day_after_rule(name="Answer", trigger="response_due")
    round = opened(story)
    ReviewAssignment.objects.filter(round=round).update(respond_on=DUE, review_on=DUE, time_zone="UTC")
    assert reminders.plan(now=NOON_AFTER) == 4
    assert dispatch() == 4
    rows = ReminderDispatch.objects.filter(recipient=story.people["claire"])
    assert sorted(rows.values_list("rule__trigger", "state")) == [("response_due", "done"), ("review_due", "done")]


def test_a_reminder_after_the_due_day_needs_none_before_it(story):
    """pkp-lib: “after due” fires only if a “before due” was sent."""
    day_after_rule(name="Before", offset_days=-3)
    after = day_after_rule()
    lone_seat(story)
    reminders.plan(now=NOON_AFTER)
    assert dispatch() == 1
    assert planned(rule=after).state == "done"
    assert planned(rule__name="Before").state == "skipped"


ENDS = {
    "signed": lambda story, seat: story.sign(seat.round, "claire"),
    "withdrawn": lambda story, seat: workflow.withdraw(seat.round.article, **acts(story)),
    "rejected": lambda story, seat: workflow.reject(seat.round.article, **acts(story)),
}


def acts(story) -> dict[str, object]:
    return {"actor": story.people["tom"], "now": story.tick(), "reason": "A trial."}


@pytest.mark.parametrize("how", ENDS)
@pytest.mark.parametrize("when", ["before it is dispatched", "before it is sent"])
def test_nobody_is_reminded_of_a_submitted_review_a_closed_round_or_a_rejected_article(story, how, when):
    """pkp-lib #10568 and janeway #3272: the job sends without looking again."""
    day_after_rule()
    seat = lone_seat(story)
    reminders.plan(now=NOON_AFTER)
    if when == "before it is sent":
        assert dispatch() == 1
    ENDS[how](story, seat)
    dispatch()
    outbox.send_due(now=NOON_AFTER)
    assert [sent.subject for sent in mail.outbox if "was due" in sent.body] == []
    assert planned().state == ("done" if when == "before it is sent" else "skipped")


def test_one_bad_row_stops_no_other(story):
    """Janeway: one row raises, and the batch ends there."""
    day_after_rule()
    bad, good = lone_seat(story), lone_seat(story)
    reminders.plan(now=NOON_AFTER)
    ReviewAssignment.objects.filter(pk=bad.pk).update(time_zone="Mars/Olympus")
    later = lone_seat(story)
    reminders.plan(now=NOON_AFTER)
    dispatch()
    states = dict(ReminderDispatch.objects.values_list("assignment", "state"))
    assert states == {bad.pk: "planned", good.pk: "done", later.pk: "done"}


def test_what_was_reminded_of_is_marked_with_the_reminder_and_never_twice(story):
    """janeway #4384: the marker was written after sending, without a unique constraint: up to six copies."""
    day_after_rule()
    lone_seat(story)
    reminders.plan(now=NOON_AFTER)
    ids = reminders.due(now=NOON_AFTER)
    assert [reminders.dispatch(ids[0], now=NOON_AFTER) for _run in range(6)] == [True, *[False] * 5]
    assert effects() == (1, 1)
    again = planned()
    again.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


def test_nothing_is_overdue_on_the_due_day_itself_nor_minutes_after_it_was_given_out(story):
    """pkp-lib #3500 and #11870."""
    day_after_rule()
    day_after_rule(name="Before", offset_days=-3)
    seat = lone_seat(story)
    last = DAY_AFTER - timedelta(microseconds=1)
    reminders.plan(now=last)
    assert [row.rule.name for row in ReminderDispatch.objects.all()] == ["Before"]
    assert (seat.is_overdue(last), desk.overdue_reviews(last)) == (False, [])
    assert desk.overdue_reviews(DAY_AFTER) == [seat]

    given_today = lone_seat(story, due=story.now.date() + timedelta(days=2))
    reminders.plan(now=story.now + timedelta(minutes=5))
    assert planned(assignment=given_today).skip_reason == "it was given out on that day or later"
    assert not given_today.is_overdue(story.now + timedelta(minutes=5))


LINK = re.compile(r'https?://[^\s"<>]+')


def links() -> set[str]:
    """Every address that stands in a mail to Claire, in its text and in its HTML."""
    own = [sent for sent in mail.outbox if sent.to == ["claire@example.org"]]
    bodies = [body for sent in own for body in (sent.body, sent.alternatives[0][0])]
    return {found.replace("&amp;", "&") for body in bodies for found in LINK.findall(body)}


def mailed(story) -> ReviewAssignment:
    """Claire got an invitation, the news that her due day was moved, and a reminder."""
    ask_for_answers()
    day_after_rule()
    round = opened(story, alternates=["eva"])
    seat = story.seat(round, "claire")
    outbox.send_due(now=story.tick())
    moved = {"assignment": seat, "reason": "Ill.", "review_on": DUE}
    workflow.extend(round.article, actor=story.people["tom"], now=story.tick(), **moved)
    outbox.send_due(now=story.tick())
    Beat().tick(datetime(2026, 3, 24, 12, tzinfo=UTC))
    return story.seat(round, "claire")


def test_invitation_and_reminder_have_one_link_and_the_address_and_name_of_the_settings(story, settings):
    """pkp-lib #11154, #11613 and #2274: another link than the invitation's; the wrong site's address and signature."""
    settings.PUBLIC_URL, settings.SITE_NAME = "https://health.example", "Health Example"
    seat = mailed(story)
    kinds = set(OutboxMessage.objects.filter(recipient=seat.member.user, status="sent").values_list("kind", flat=True))
    assert kinds == {"invitation", "extended", "reminder"}
    own = [sent for sent in mail.outbox if sent.to == ["claire@example.org"]]
    assert [sent.body.count(f"https://health.example{seat.get_absolute_url()}\n") for sent in own] == [1] * len(own)
    assert all("Health Example" in sent.body for sent in own)
    assert {link.split("/")[2] for link in links()} == {"health.example"}


def everything() -> dict[str, list[tuple[object, ...]]]:
    """The whole database but for who is signed in."""
    return {
        model._meta.label: sorted(rows, key=repr)
        for model, rows in every_row()
        if model._meta.label != "sessions.Session"
    }


@pytest.mark.parametrize("reader", ["a scanner", "claire"])
def test_a_mail_scanner_that_opens_every_link_and_sends_the_form_behind_it_changes_nothing(story, reader, sign_in):
    """pkp-lib #11690 and #12332: scanners accept or decline by following a link, or by submitting the landing page."""
    seat = mailed(story)
    client = sign_in("claire") if reader == "claire" else Client()
    before, found = everything(), links()
    assert found == {f"http://127.0.0.1:8000{path}" for path in (seat.get_absolute_url(), "/admin/mail/")}
    for link in found:
        path = "/" + link.split("/", 3)[3]
        assert client.get(path, follow=True).status_code == 200, link
        assert client.head(path).status_code in (200, 302), link
        if reader == "a scanner":
            client.post(path, follow=True)
    client.get(unsubscribing.address(seat.member.user))
    assert everything() == before
    assert states(seat.round)["claire"] == ("required", "invited")
