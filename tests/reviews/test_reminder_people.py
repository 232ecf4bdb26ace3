"""Whom a reminder reaches: whoever can act, never whoever judges the text, and never nobody."""

from datetime import timedelta

from django.contrib.auth.models import Group
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import leaves, outbox
from editorial.models import Leave, Notification, OutboxMessage, PersonalText
from reviews import reminders
from reviews.models import ManualReminder, ReminderDispatch, ReminderRule, ReviewRound
from reviews.states import VerdictKind
from tests.desk import Person
from tests.many import multiply
from tests.reviews.late import NOON_AFTER, day_after_rule, dispatched, lone_seat

LATER = timedelta(days=10)


def reached(story, trigger: str, audience: str) -> set[str]:
    ReminderRule.objects.create(name=trigger, trigger=trigger, audience=audience, offset_days=1, stale_after_days=400)
    reminders.plan(now=story.now + LATER)
    return {row.recipient.username for row in ReminderDispatch.objects.all()}


def away(story, name: str, deputy: str = "") -> None:
    days = {"first_day": story.now.date(), "last_day": (story.now + LATER).date()}
    Leave.objects.create(user=story.people[name], deputy=story.people.get(deputy), **days)


def objected(story) -> ReviewRound:
    round = story.round("claire", "ravi")
    story.sign(round, "claire", VerdictKind.SAFETY_OBJECTION, comment="The dose is wrong.")
    return round


def test_an_editor_away_without_a_deputy_is_told_and_the_chiefs_with_them(story):
    away(story, "tom")
    story.triaged()
    assert reached(story, "no_panel", "handling_editor") == {"tom", "ingrid"}


def test_a_deputy_who_is_no_editor_any_more_gets_nothing(story):
    story.triaged()
    away(story, "tom", "lena")
    story.people["lena"].groups.clear()
    assert reached(story, "no_panel", "handling_editor") == {"tom", "ingrid"}


def test_a_deputy_who_is_away_too_gets_nothing(story):
    story.triaged()
    away(story, "tom", "lena")
    away(story, "lena")
    assert reached(story, "no_panel", "handling_editor") == {"tom", "ingrid"}


def test_reminders_and_news_reach_the_same_people(story):
    article = story.triaged()
    away(story, "tom", "lena")
    news = {user.username for user in leaves.for_editor(article.handling_editor, story.now + LATER)}
    assert reached(story, "no_panel", "handling_editor") == news == {"lena"}


def test_a_chief_on_leave_leaves_nobody_out(story):
    story.triaged()
    away(story, "ingrid")
    assert reached(story, "no_panel", "chief_editors") == {"ingrid"}


def test_a_chief_who_sits_on_the_panel_is_not_reminded_of_an_objection_there(story):
    objected(story)
    Group.objects.get(name="chief editor").user_set.add(story.people["ravi"])
    assert reached(story, "objection_open", "chief_editors") == {"ingrid"}


def test_somebody_hears_of_an_objection_even_if_every_chief_sits_on_the_panel(story):
    objected(story)
    story.people["ingrid"].groups.clear()
    Group.objects.get(name="chief editor").user_set.add(story.people["ravi"])
    assert reached(story, "objection_open", "chief_editors") == {"ravi"}


def test_a_handling_editor_with_a_seat_learns_of_an_objection_from_nobodys_mail(story, people):
    people["ravi"].groups.add(Group.objects.get(name="editor"))
    round = story.round("claire", "ravi")
    type(round.article).objects.filter(pk=round.article_id).update(handling_editor=people["ravi"])
    OutboxMessage.objects.all().delete()
    Notification.objects.all().delete()
    round = ReviewRound.objects.get(pk=round.pk)
    story.sign(round, "claire", VerdictKind.SAFETY_OBJECTION, comment="The dose is wrong.")
    told = Notification.objects.filter(text__contains="safety objection").values_list("user__username", flat=True)
    assert list(told) == ["ingrid"]
    assert not Notification.objects.filter(user=people["ravi"]).exists()


def test_within_the_quiet_days_after_a_person_reminded_them_the_clock_keeps_quiet(story):
    day_after_rule()
    seat = lone_seat(story)
    note = PersonalText.objects.create(text="Please.", written_at=NOON_AFTER)
    by_hand = ManualReminder.objects.create(
        assignment=seat, sent_by=story.people["tom"], sent_at=NOON_AFTER - timedelta(days=1), note=note
    )
    row = dispatched()
    assert (row.state, row.skip_reason) == ("skipped", "Tom Okafor reminded them on 23 March 2026")
    ReminderDispatch.objects.all().delete()
    ManualReminder.objects.filter(pk=by_hand.pk).update(sent_at=NOON_AFTER - timedelta(days=2))
    assert dispatched().state == "done"


def test_a_chief_has_a_parked_reminder_tried_again_and_it_goes_out(story, people):
    day_after_rule()
    lone_seat(story)
    reminders.plan(now=NOON_AFTER)
    ReminderDispatch.objects.update(state="parked", attempts=5, skip_reason="OperationalError()", done_at=NOON_AFTER)
    row = ReminderDispatch.objects.get()
    form = {"action": "retry", "_selected_action": [row.pk]}
    page = Person("ingrid").client.post("/admin/reviews/reminderdispatch/", form, follow=True)
    assert "1 is tried again now." in page.text
    assert reminders.dispatch_batch([row.pk], now=NOON_AFTER) == 1
    assert ReminderDispatch.objects.get().state == "done"


def test_the_ladder_is_made_once_and_stays_as_somebody_changed_it(db):
    assert reminders.standard_rules() == "29 made"
    ReminderRule.objects.filter(name="Review overdue").update(active=False, offset_days=2)
    assert reminders.standard_rules() == "stand"
    kept = ReminderRule.objects.get(name="Review overdue")
    assert (kept.active, kept.offset_days, ReminderRule.objects.count()) == (False, 2, 29)


def test_every_rule_of_the_ladder_can_be_saved_as_it_is_and_says_what_it_does(db):
    reminders.standard_rules()
    for rule in ReminderRule.objects.all():
        rule.full_clean()
        assert "→" in reminders.rule_words(rule)


def test_planning_the_whole_ladder_asks_as_much_for_thirty_late_seats_as_for_one(story):
    reminders.standard_rules()
    round, counts = lone_seat(story).round, []
    for upto in (1, 3, 30):
        already = ReviewRound.objects.count()
        multiply(round, upto - already, first=already)
        ReminderDispatch.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            reminders.plan(now=NOON_AFTER)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]
    assert ReminderDispatch.objects.filter(state="planned").count() == 30


def test_a_members_reminder_says_that_the_seat_may_be_given_back(story):
    day_after_rule()
    lone_seat(story)
    dispatched()
    outbox.send_due(now=NOON_AFTER)
    (sent,) = mail.outbox
    (html, _type) = sent.alternatives[0]
    assert "say so on the same page and the seat passes on" in sent.body
    assert "say so on the same page and the seat passes on" in html.replace("&#x27;", "'")


def test_of_the_steps_of_a_ladder_that_an_outage_brings_together_only_the_latest_is_said(story):
    """Two rules, one sentence: the day after and three days after, both missed."""
    day_after_rule()
    day_after_rule(name="Three days after", offset_days=3)
    lone_seat(story)
    late = NOON_AFTER + timedelta(days=2)
    reminders.plan(now=late)
    reminders.dispatch_batch(reminders.due(now=late), now=late)
    rows = ReminderDispatch.objects.order_by("scheduled_for")
    assert [(row.rule.name, row.state, row.skip_reason) for row in rows] == [
        ("The day after", "skipped", "a later one stands"),
        ("Three days after", "done", ""),
    ]
    assert OutboxMessage.objects.count() == 1


def test_a_mail_that_still_waits_when_the_next_step_has_come_gives_way_to_it(story):
    day_after_rule()
    day_after_rule(name="Three days after", offset_days=3)
    lone_seat(story)
    dispatched()
    OutboxMessage.objects.update(not_before=NOON_AFTER + timedelta(days=2))
    late = NOON_AFTER + timedelta(days=2)
    reminders.plan(now=late)
    reminders.dispatch_batch(reminders.due(now=late), now=late)
    outbox.send_due(now=late)
    assert sorted(OutboxMessage.objects.values_list("status", "problem")) == [
        ("sent", ""),
        ("skipped", "a later one stands"),
    ]
    assert len(mail.outbox) == 1


def test_each_step_of_a_ladder_is_said_on_its_own_day(story):
    day_after_rule()
    day_after_rule(name="Three days after", offset_days=3)
    lone_seat(story)
    for days in (0, 2):
        now = NOON_AFTER + timedelta(days=days)
        reminders.plan(now=now)
        reminders.dispatch_batch(reminders.due(now=now), now=now)
        outbox.send_due(now=now)
    assert set(ReminderDispatch.objects.values_list("state", flat=True)) == {"done"}
    assert len(mail.outbox) == 2
