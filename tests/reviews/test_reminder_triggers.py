"""Each trigger: what is owed becomes one mail to the right person, and what has ended is skipped with its reason."""

from datetime import timedelta

import pytest

from articles.models import Article, Reference
from editorial.models import Credential, Leave, OutboxMessage
from reviews import objections, reminders
from reviews.models import ReminderDispatch, ReminderRule, ReviewAssignment, ReviewRound
from reviews.reminders.triggers import DUTIES
from reviews.states import VerdictKind
from tests.reviews.late import forget_news

LATER = timedelta(days=30)


def rule(trigger: str, audience: str = "handling_editor", **values) -> ReminderRule:
    values = {"offset_days": 1, "stale_after_days": 400, **values}
    return ReminderRule.objects.create(name=trigger, trigger=trigger, audience=audience, **values)


def waits_for_triage(story):
    article = story.submitted()
    return rule("not_triaged"), {"lena", "tom"}, lambda: story_triage(story, article), "it was triaged"


def story_triage(story, article):
    Article.objects.filter(pk=article.pk).update(triaged_at=story.now)


def waits_for_panel(story):
    article = story.triaged()
    gone = "the article no longer waits for a panel"
    return rule("no_panel"), {"tom"}, lambda: Article.objects.filter(pk=article.pk).update(state="draft"), gone


def waits_for_answer(story):
    round = story.round("claire", "ravi")
    story.sign(round, "ravi")
    seats = ReviewAssignment.objects.filter(round=round, member__user__username="claire")
    seats.update(state="invited")
    return rule("response_due", "member"), {"claire"}, lambda: seats.update(state="accepted"), "they have answered"


def waits_for_decision(story):
    round = story.round("claire", "ravi")
    story.sign(round, "claire")
    story.sign(round, "ravi")
    return rule("decision_due"), {"tom"}, lambda: story.confirm(round.article), "the round is closed"


def waits_for_peer(story):
    round = story.round("claire", "ravi")
    story.sign(round, "claire", VerdictKind.SAFETY_OBJECTION, comment="The dose is wrong.")
    objection = round.article.objections.get()

    def end():
        story.tick()
        values = {"objection": objection, "reason": "Mended.", "proof": story.proof("claire")}
        objections.withdraw_objection(round.article, actor=story.people["claire"], now=story.now, **values)

    return rule("objection_open"), {"tom"}, end, "the objection has ended"


def cannot_decide(story):
    round = story.round("claire", "ravi")
    rows = ReviewRound.objects.filter(pk=round.pk)
    rows.update(unsatisfiable="nobody in cardiology", unsatisfiable_since=story.now)
    again = "the round can be satisfied again"
    return rule("unsatisfiable"), {"tom"}, lambda: rows.update(unsatisfiable="", unsatisfiable_since=None), again


def licence_expires(story):
    licences = Credential.objects.filter(member__user__username="claire")
    Credential.objects.exclude(member__user__username="claire").update(expires_on="2040-01-01")
    licences.exclude(pk=licences.first().pk).update(expires_on="2040-01-01")
    licences.filter(pk=licences.first().pk).update(expires_on=(story.now + LATER + timedelta(days=10)).date())
    made = rule("credential_expiry", "member", offset_days=-30)
    return made, {"claire"}, lambda: licences.update(expires_on="2041-01-01"), "the due day was moved"


def re_review_due(story):
    article = story.published()
    story.now += article.publications.get().next_review_due - story.now.date()
    return rule("re_review_due"), {"tom"}, lambda: story.revised(article), "its next version is in work"


def full_review_due(story):
    article = story.published()
    rows = Article.objects.filter(pk=article.pk)
    rows.update(full_review_by=(story.now + timedelta(days=33)).date())
    made = rule("full_review_due", offset_days=-7)
    return made, {"tom"}, lambda: rows.update(full_review_by=None), "the full panel has reviewed it"


def source_retracted(story):
    article = story.published()
    source = Reference.objects.filter(citations__article=article)[:1].get()
    Reference.objects.filter(pk=source.pk).update(status="retracted", status_checked_on=story.now.date())
    return rule("reference_alert"), {"tom"}, lambda: story.revised(article), "its next version is in work"


SCENES = (
    *(waits_for_triage, waits_for_panel, waits_for_answer, waits_for_decision, waits_for_peer, cannot_decide),
    *(licence_expires, re_review_due, full_review_due, source_retracted),
)


@pytest.mark.parametrize("scene", SCENES)
def test_what_is_owed_is_mailed_once_to_the_right_people(story, scene):
    _rule, who, _end, _reason = scene(story)
    forget_news()
    late = story.now + LATER
    reminders.plan(now=late)
    reminders.plan(now=late)
    reminders.dispatch_batch(reminders.due(now=late), now=late)
    assert sorted(OutboxMessage.objects.values_list("recipient__username", flat=True)) == sorted(who)


@pytest.mark.parametrize("scene", SCENES)
def test_what_has_ended_since_it_was_planned_is_skipped_with_its_reason(story, scene):
    _rule, _who, end, reason = scene(story)
    late = story.now + LATER
    reminders.plan(now=late)
    end()
    forget_news()
    reminders.dispatch_batch(reminders.due(now=late), now=late)
    assert set(ReminderDispatch.objects.values_list("state", "skip_reason")) == {("skipped", reason)}
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize("scene", [re_review_due, source_retracted])
def test_what_may_stand_for_years_is_read_again_only_for_steps_that_have_no_row(story, scene):
    made, *_rest = scene(story)
    late = story.now + LATER
    reminders.plan(now=late)
    duty = DUTIES[made.trigger]
    standing = duty.due_by(late.date())
    assert standing.exists()
    assert not duty.unplanned(standing, made.pk, 1).exists()
    assert duty.unplanned(standing, made.pk, 2).exists()


def test_a_deputy_gets_what_is_meant_for_an_editor_who_is_away(story):
    waits_for_panel(story)
    late = story.now + LATER
    Leave.objects.create(
        user=story.people["tom"], first_day=late.date(), last_day=late.date(), deputy=story.people["lena"]
    )
    reminders.plan(now=late)
    assert ReminderDispatch.objects.get().recipient == story.people["lena"]


def test_of_the_repeats_missed_in_an_outage_only_the_latest_is_sent(story):
    made, *_rest = waits_for_panel(story)
    ReminderRule.objects.update(repeats=3, every_days=2)
    reminders.plan(now=story.now + timedelta(days=6))
    rows = ReminderDispatch.objects.filter(rule=made).order_by("occurrence")
    later = "a later one stands"
    assert list(rows.values_list("state", "skip_reason")) == [("skipped", later), ("skipped", later), ("planned", "")]
