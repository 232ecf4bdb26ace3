"""A chief editor sees what a rule would send before it is saved; nobody else changes rules."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from editorial.models import AuditEvent
from reviews import reminders
from reviews.models import ManualReminder, ReminderDispatch, ReminderRule
from tests.reviews.late import NOON_AFTER, effects, lone_seat

ADD = "admin:reviews_reminderrule_add"
VALUES = {
    "name": "Day after",
    "trigger": "review_due",
    "audience": "member",
    "offset_days": "1",
    "repeats": "0",
    "every_days": "7",
    "quiet_days": "2",
    "stale_after_days": "7",
    "note": "",
    "active": "on",
}


def sent(client, url, **values):
    with time_machine.travel(NOON_AFTER, tick=False):
        return client.post(url, {**VALUES, **values})


@pytest.fixture
def chief(sign_in):
    with time_machine.travel(NOON_AFTER, tick=False):
        return sign_in("ingrid")


def test_the_first_press_shows_who_would_be_mailed_and_writes_nothing(story, chief):
    lone_seat(story)
    events = AuditEvent.objects.count()
    page = sent(chief, reverse(ADD))
    assert page.status_code == 200
    assert "This would send 1 mail today." in page.text
    assert "Claire Dubois" in page.text
    assert (ReminderRule.objects.count(), ReminderDispatch.objects.count(), effects()) == (0, 0, (0, 0))
    assert AuditEvent.objects.count() == events


def test_the_forms_one_button_says_that_it_shows_and_does_not_save(chief):
    with time_machine.travel(NOON_AFTER, tick=False):
        page = chief.get(reverse(ADD)).text
    assert 'value="See what it would send"' in page
    assert "Save and continue editing" not in page


def test_the_preview_says_whom_it_skips_and_why(story, chief):
    seat = lone_seat(story)
    seat.member.absences.create(first_day=NOON_AFTER.date(), last_day=NOON_AFTER.date())
    page = sent(chief, reverse(ADD))
    assert "This would send 0 mails today." in page.text
    assert "the member is absent" in page.text


def test_the_preview_names_who_reminded_them_and_heeds_the_quiet_days_that_were_typed(story, chief):
    seat = lone_seat(story)
    by_hand = ManualReminder.objects.create(
        assignment=seat, sent_by=story.people["tom"], sent_at=NOON_AFTER - timedelta(days=1)
    )
    page = sent(chief, reverse(ADD)).text
    assert "This would send 0 mails today." in page
    assert "Tom Okafor reminded them on 23 March 2026" in page
    page = sent(chief, reverse(ADD), quiet_days="1").text
    assert "This would send 1 mail today." in page
    assert "Tom Okafor" not in page
    assert sent(chief, reverse(ADD), quiet_days="5", _confirm="1").status_code == 302
    assert ReminderRule.objects.get().quiet_days == 5
    assert reminders.plan(now=by_hand.sent_at + timedelta(days=1)) == 1


def test_what_the_preview_promises_is_what_is_planned_after_saving(story, chief):
    lone_seat(story)
    assert sent(chief, reverse(ADD), _confirm="1").status_code == 302
    assert reminders.plan(now=NOON_AFTER) == 1


def test_back_keeps_what_was_typed_and_saves_nothing(story, chief):
    page = sent(chief, reverse(ADD), name="My rule", _back="1")
    assert 'value="My rule"' in page.text
    assert not ReminderRule.objects.exists()


def test_a_change_is_recorded_with_the_old_and_the_new_value_and_who(story, chief):
    rule = ReminderRule.objects.create(name="Day after", trigger="review_due", offset_days=1)
    url = reverse("admin:reviews_reminderrule_change", args=[rule.pk])
    assert sent(chief, url, offset_days="2").status_code == 200
    assert ReminderRule.objects.get().offset_days == 1
    sent(chief, url, offset_days="2", _confirm="1")
    assert ReminderRule.objects.get().offset_days == 2
    body = json.loads(AuditEvent.objects.get(kind="reminder_rule.changed").body)
    assert (body["data"]["before"], body["data"]["after"]) == ({"offset_days": 1}, {"offset_days": 2})
    assert body["actor"] == str(story.people["ingrid"].uuid)


@pytest.mark.parametrize("confirm", [{}, {"_confirm": "1"}])
@pytest.mark.parametrize(
    "wrong", [{"offset_days": "-91"}, {"every_days": "0"}, {"trigger": "no_panel"}, {"audience": "nobody"}]
)
def test_bad_input_is_refused_in_words_and_saves_nothing(chief, wrong, confirm):
    page = sent(chief, reverse(ADD), **wrong, **confirm)
    assert page.status_code == 200
    assert "errorlist" in page.text
    assert not ReminderRule.objects.exists()


@pytest.mark.parametrize("who", ["tom", "nora", "claire"])
@pytest.mark.parametrize("press", [{}, {"_confirm": "1"}, {"_back": "1"}])
def test_nobody_but_a_chief_editor_adds_a_rule(sign_in, who, press):
    with time_machine.travel(NOON_AFTER, tick=False):
        client = sign_in(who)
    assert sent(client, reverse(ADD), **press).status_code == 403
    assert not ReminderRule.objects.exists()


@pytest.mark.parametrize(("who", "state"), [("ingrid", "skipped"), ("tom", "parked")])
def test_only_a_chief_editor_discards_a_parked_reminder(story, sign_in, who, state):
    lone_seat(story)
    ReminderRule.objects.create(name="Day after", trigger="review_due", offset_days=1)
    reminders.plan(now=NOON_AFTER)
    ReminderDispatch.objects.update(state="parked", skip_reason="the disk is full")
    pk = ReminderDispatch.objects.get().pk
    url = reverse("admin:reviews_reminderdispatch_changelist")
    sign_in(who).post(url, {"action": "discard", "_selected_action": [pk]})
    row = ReminderDispatch.objects.get()
    assert row.state == state
    assert row.skip_reason == ("discarded by Ingrid Solberg" if state == "skipped" else "the disk is full")
