"""Once a week, at the hour of the day's mail, people get what waits for them; never twice, and never when stopped."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from editorial import habits, outbox, weekly
from editorial.models import MailPreferences, Notification, OutboxMessage, User
from tests.faults.racing import at_once

MONDAY = datetime(2026, 3, 16, tzinfo=UTC)
EIGHT = MONDAY + timedelta(hours=8)
EARLY = EIGHT - weekly.AHEAD


@pytest.fixture
def claire(story) -> User:
    """She owes a review; everybody joined long ago."""
    story.round("claire", "ravi")
    OutboxMessage.objects.all().delete()
    Notification.objects.all().delete()
    User.objects.update(date_joined=MONDAY - timedelta(days=400), time_zone="UTC")
    return story.people["claire"]


def summaries(user: User) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(kind="weekly", recipient=user))


@pytest.mark.sqlite
def test_a_summary_leaves_with_the_mail_of_the_chosen_day_and_says_what_waits(claire):
    assert weekly.write_due(now=EARLY - timedelta(seconds=1)) == 0
    assert weekly.write_due(now=EARLY) >= 1
    (message,) = summaries(claire)
    assert message.not_before == EIGHT
    assert message.payload["text"] == "Your week at the desk. Your reviews: 1."
    outbox.send_due(now=EIGHT)
    (sent,) = [row for row in mail.outbox if row.to == [claire.email]]
    assert sent.subject == "Your week at the desk"
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent.extra_headers["List-Unsubscribe"].startswith("<http://127.0.0.1:8000/mail/unsubscribe/")


def test_it_is_written_once_a_week_and_again_in_the_next(claire):
    for minutes in (0, 5, 60 * 24 * 3):
        weekly.write_due(now=EARLY + timedelta(minutes=minutes))
    assert len(summaries(claire)) == 1
    weekly.write_due(now=EARLY + timedelta(days=7))
    assert len(summaries(claire)) == 2


def test_no_notification_doubles_the_home_page(claire):
    weekly.write_due(now=EARLY)
    assert not Notification.objects.exists()


def test_a_clock_that_slept_writes_it_later_in_the_same_week(claire):
    thursday = MONDAY + timedelta(days=3, hours=12)
    weekly.write_due(now=thursday)
    (message,) = summaries(claire)
    assert message.not_before == thursday


def test_nothing_is_sent_where_nothing_waits_and_nobody_looks_again_that_week(claire, story, monkeypatch):
    weekly.write_due(now=EARLY)
    (message,) = summaries(story.people["sofia"])
    assert (message.status, message.problem) == ("skipped", weekly.NOTHING)
    monkeypatch.setattr(weekly, "text_for", lambda user: pytest.fail(f"looked at {user} again"))
    assert weekly.write_due(now=EIGHT) == 0
    outbox.send_due(now=EIGHT)
    assert not [row for row in mail.outbox if row.to == [message.recipient.email]]


def test_a_week_that_is_written_costs_two_queries(claire, django_assert_num_queries):
    weekly.write_due(now=EARLY)
    with django_assert_num_queries(2):
        weekly.write_due(now=EIGHT)


@pytest.mark.parametrize("why", ["switched off", "disabled", "no address", "joined since"])
def test_who_gets_none(claire, why):
    if why == "switched off":
        MailPreferences.objects.create(user=claire, weekly=False)
    changed = {"disabled": {"is_active": False}, "no address": {"email": ""}, "joined since": {"date_joined": EIGHT}}
    User.objects.filter(pk=claire.pk).update(**changed.get(why, {"first_name": "Claire"}))
    weekly.write_due(now=EIGHT)
    assert summaries(claire) == []


def test_one_that_was_stopped_since_it_was_written_is_not_sent(claire):
    weekly.write_due(now=EARLY)
    habits.stop_weekly(claire, actor=claire, now=EARLY)
    outbox.send_due(now=EIGHT)
    (message,) = summaries(claire)
    assert (message.status, message.problem) == ("skipped", "the weekly summary was switched off")
    assert not [row for row in mail.outbox if row.to == [claire.email]]


def test_the_day_and_the_hour_are_the_person_s_own(claire):
    User.objects.filter(pk=claire.pk).update(time_zone="Pacific/Kiritimati")
    MailPreferences.objects.create(user=claire, hour=9, weekly_day=MailPreferences.Weekday.WEDNESDAY)
    wednesday_at_nine = datetime(2026, 3, 17, 19, tzinfo=UTC)
    weekly.write_due(now=wednesday_at_nine - timedelta(minutes=16))
    assert summaries(claire) == []
    weekly.write_due(now=wednesday_at_nine - timedelta(minutes=15))
    (message,) = summaries(claire)
    assert message.not_before == wednesday_at_nine


def test_one_person_whose_summary_fails_stops_nobody(claire, story, monkeypatch):
    whole = weekly.text_for

    def broken(user):
        if user.username == "ravi":
            raise RuntimeError("a card of his breaks")
        return whole(user)

    monkeypatch.setattr(weekly, "text_for", broken)
    weekly.write_due(now=EARLY)
    assert len(summaries(claire)) == 1
    assert summaries(story.people["ravi"]) == []


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_write_one(claire):
    at_once(3, lambda: weekly.write_due(now=EARLY))
    assert len(summaries(claire)) == 1
