"""Reviewing goes wrong elsewhere in these ways: one test for each of the traps that docs/traps.md names."""

from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core import mail
from django.db import connection, transaction
from django.db.models import ProtectedError

from articles.models import Article, AudienceVariant, Publication
from articles.states import ArticleState
from editorial import audit, outbox, policies
from editorial.conditions import Refused
from editorial.models import EditorialPolicy
from editorial.verbs import save
from reviews import conditions, decisions, tasks, workflow
from reviews.demo.cast import PASSWORD
from reviews.models import Review, ReviewAssignment, ReviewRound, Signature
from reviews.states import RoundOutcome
from tests.desk import Person
from tests.faults import racing
from tests.faults.test_races import APPROVED, ending, signer
from tests.reviews.late import forget_news
from tests.reviews.later import read
from tests.reviews.panels import ask_for_answers, opened, states

ROOT = Path(__file__).parents[2]


def fresh(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def acts(story, who: str = "tom") -> dict[str, object]:
    return {"actor": story.people[who], "now": story.tick(), "reason": "A newer trial came out."}


@pytest.fixture
def approved(story) -> ReviewRound:
    """Claire and Ravi have approved; the editor's confirmation is still to come."""
    round = story.round()
    story.sign(round, "claire")
    story.sign(round, "ravi")
    return round


def test_who_withdraws_has_withdrawn_and_decided_nothing(story):
    """janeway #2358 and #2679: withdrawing sets “complete” and a decision “withdrawn”, smeared over nullable fields."""
    round = opened(story)
    workflow.step_aside(round.article, assignment=story.seat(round, "claire"), **acts(story, "claire"))
    assert states(round)["claire"] == ("required", "declined")
    workflow.withdraw(round.article, **acts(story))
    round = ReviewRound.objects.get(pk=round.pk)
    assert (round.outcome, fresh(round.article).state) == (RoundOutcome.WITHDRAWN, ArticleState.DRAFT)
    assert states(round) == {"claire": ("required", "declined"), "ravi": ("required", "released")}
    assert not Review.objects.exists()
    assert not ReviewAssignment.objects.filter(state="completed").exists()


def test_a_declined_invitation_counts_as_nothing_and_an_unanswered_one_blocks_nothing(story):
    """pkp-lib #12887 and janeway #5240: declined counts as a completed review, unanswered blocks the decision."""
    ask_for_answers()
    round = opened(story, "claire", "ravi", optional=["eva", "liam"])
    workflow.step_aside(round.article, assignment=story.seat(round, "eva"), **acts(story, "eva"))
    story.sign(round, "claire")
    assert decisions.decision_of(round).approvals == 1
    assert decisions.decision_of(round).missing == ("1 more approval", "the verdict of 1 required seat")
    story.sign(round, "ravi")
    assert states(round)["liam"] == ("optional", "invited")
    assert story.confirm(round.article).state == ArticleState.APPROVED


def test_what_goes_live_is_the_revision_that_was_approved(story, approved):
    """Wagtail #6249, by design: approvals name revision 3 while revision 4 goes live."""
    variant = AudienceVariant.objects.get(article=approved.article)
    AudienceVariant.objects.filter(pk=variant.pk).update(body=variant.body.replace("130", "180"))
    article = story.confirm(approved.article)
    assert Publication.objects.get().digest == approved.digest
    assert "130 mm Hg" in read(article).text
    assert "180" not in read(article).text


def test_a_text_that_is_not_the_approved_one_does_not_go_live(story, approved):
    """The same trap from the other side: what is frozen isn't what was signed."""
    frozen = fresh(approved.article).frozen_snapshot.replace("130", "180")
    Article.objects.update(frozen_snapshot=frozen)
    with pytest.raises(Refused, match="The text isn't the one that was signed"):
        story.confirm(approved.article)
    assert not Publication.objects.exists()


def test_disabling_the_only_policy_publishes_nothing_that_is_in_flight(story, settings):
    """Wagtail: disabling the only task publishes everything in flight with no approval."""
    settings.CELERY_TASK_ALWAYS_EAGER = True
    round = story.round()
    for policy in EditorialPolicy.objects.all():
        policies.disable(policy, **acts(story, "ingrid"))
    with time_machine.travel(story.tick(), tick=False):
        for task in (tasks.check_rounds, tasks.publish_scheduled, tasks.look_after_seats, tasks.sweep):
            task()
    story.sign(round, "claire")
    assert decisions.decision_of(round).missing == ("1 more approval", "the verdict of 1 required seat")
    assert (fresh(round.article).state, Publication.objects.count()) == (ArticleState.UNDER_REVIEW, 0)
    story.sign(round, "ravi")
    assert story.confirm(round.article).state == ArticleState.APPROVED


def test_an_approval_that_is_rolled_back_has_mailed_nobody(story, approved):
    """Wagtail: the mail “approved” leaves before the transaction that approves is rolled back."""
    forget_news()
    with transaction.atomic():
        assert story.confirm(approved.article).state == ArticleState.APPROVED
        transaction.set_rollback(True)
    assert fresh(approved.article).state == ArticleState.UNDER_REVIEW
    outbox.send_due(now=story.tick())
    assert mail.outbox == []


@pytest.mark.parametrize("who", ["ravi", "eva"])
def test_the_last_approver_needs_no_right_to_publish_and_has_none(story, approved, who):
    """Wagtail: the final approver needs the right to publish, and so can publish directly."""
    person, user = Person(who), story.people[who]
    assert person.force(approved.article, "confirm", password=PASSWORD).status_code in (403, 404)
    assert person.force(approved.article, "approve").status_code == 404
    with pytest.raises(Refused):
        story.confirm(approved.article, who)
    assert person.client.post("/admin/articles/publication/add/", {}).status_code in (403, 404)
    assert not Permission.objects.filter(group__user=user, codename__contains="publication").exists()
    assert not Publication.objects.exists()


def test_nobody_approves_their_own_work(story):
    """Wagtail #1164, open for nine years: nothing bars the author, nor whoever has edited the text, from approving."""
    claire, lena = story.people["claire"], story.people["lena"]
    written = story.triaged(title="By a member of the board")
    written.authors.add(claire)
    with pytest.raises(Refused, match="Claire Dubois"):
        opened(story, article=written)

    edited = story.edit(story.draft(title="With an editor's hand in it"), ("recommended", "advised"), by="lena")
    round = story.round(article=edited)
    story.sign(round, "claire")
    Article.objects.get(pk=edited.pk).authors.add(story.people["ravi"])
    with pytest.raises(Refused, match="contributed"):
        story.sign(round, "ravi")
    assert not conditions.may_confirm(fresh(edited), lena)
    assert "contributed" in conditions.may_confirm(fresh(edited), lena).reason


def test_saving_without_a_change_restarts_no_approval(story, approved):
    """Wagtail #13563, and GitLab: an unchanged save restarts all approvals."""
    with transaction.atomic():
        save(fresh(approved.article), actor=story.people["tom"], reason="nothing")
        save(AudienceVariant.objects.get(), actor=story.people["tom"], reason="nothing")
    assert decisions.decision_of(approved).approvals == 2

    workflow.withdraw(approved.article, **acts(story))
    article = story.triaged(fresh(approved.article))
    assert article.frozen_digest == approved.digest
    signed = list(Review.objects.filter(round=approved))
    again = workflow.open_round(article, actor=story.people["tom"], now=story.tick(), carry=signed)
    assert decisions.decision_of(again).approvals == 2


def test_a_double_click_approves_once_and_a_stale_tab_is_told_so(story, approved):
    """Wagtail #14460 and #13856: a double click or a stale tab approves twice, reverts, or ends in an error 500."""
    tom, lena = Person("tom"), Person("lena")
    url = f"/admin/articles/article/{approved.article_id}/verb/confirm/"
    click = {**tom.fields(url, having="stamp"), "password": PASSWORD}
    stale = {**lena.fields(url, having="stamp"), "password": PASSWORD}
    assert [tom.client.post(url, click).status_code for _click in range(2)] == [302, 302]
    told = lena.client.post(url, stale)
    assert told.status_code == 409
    assert "moved on" in told.text
    assert Publication.objects.count() == 1
    assert fresh(approved.article).state == ArticleState.APPROVED


def test_deleting_a_person_deletes_nothing_of_what_they_approved(story):
    """djangocms-versioning: deleting a user deletes the record of what they approved."""
    story.published()
    claire = story.people["claire"]
    signature = Signature.objects.get(signer=claire)
    with pytest.raises(ProtectedError) as refused, transaction.atomic():
        claire.delete()
    assert signature in refused.value.protected_objects
    asked = Person("ingrid").client.post(f"/admin/editorial/user/{claire.pk}/delete/", {"post": "yes"})
    assert asked.status_code in (403, 404)
    assert Signature.objects.filter(pk=signature.pk).exists()
    assert audit.verify() == []


def test_an_approval_falls_with_the_text_and_leaves_no_window_to_publish(story, approved):
    """GitLab #383776: approvals are removed by a job that runs later. Here no task runs at all."""
    article = workflow.withdraw(approved.article, **acts(story))
    assert not decisions.conditions.in_state(article, "approve")
    with pytest.raises(Refused):
        story.confirm(article)
    story.edit(article, ("130 mm Hg", "180 mm Hg"))
    again = story.round(article=fresh(article))
    assert decisions.decision_of(again).approvals == 0
    with pytest.raises(Refused, match="2 more approvals"):
        story.confirm(again.article)
    assert not Publication.objects.exists()


@pytest.mark.races
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in at a time: nothing races")
def test_two_approvals_at_once_are_tested_with_real_threads(transactional_db, story):
    """Wagtail, djangoCMS, Janeway and OJS have no test of concurrent approval."""
    racing.no_limits(editor_confirms=False)
    round = story.round("claire", "ravi")
    for name in ("claire", "ravi"):
        story.declare(round, name)
    rounds = racing.copies(round, 10)
    outcomes = racing.run(rounds, signer(story, "claire"), signer(story, "ravi"))
    assert outcomes == [(racing.DONE, racing.DONE)] * 10
    assert [ending(one) for one in rounds] == [APPROVED] * 10
    assert racing.problems() == []


def test_the_code_of_reminders_has_more_lines_of_test_than_of_code():
    """Wagtail, djangoCMS, Janeway and OJS hardly test their reminders."""
    code = sum(lines(path) for path in (ROOT / "reviews" / "reminders").glob("*.py"))
    tests = ROOT / "tests" / "reviews"
    named = [path for path in tests.rglob("*.py") if "remind" in str(path.relative_to(tests))]
    assert code > 500
    assert sum(lines(path) for path in named) >= code


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())
