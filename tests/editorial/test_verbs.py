"""What every verb shares: it locks, reads again, acts once, records in the end, or leaves nothing at all."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from articles import workflow as bare
from articles.models import Article, Citation, Reference
from editorial import outbox
from editorial.conditions import YES, Condition, MovedOn, Refused, no, unless
from editorial.models import AuditEvent, AuditHead, HandledRequest, Notification, OutboxMessage, User
from editorial.roles import roles_of
from editorial.verbs import record, save, work
from reviews.models import Signature
from tests.desk import Person

pytestmark = pytest.mark.sqlite


def traces() -> tuple[int, ...]:
    """How much there is of everything that a verb may leave behind."""
    return (
        AuditEvent.objects.count(),
        AuditHead.objects.get().sequence,
        Article.history.count(),
        OutboxMessage.objects.count(),
        Notification.objects.count(),
        HandledRequest.objects.count(),
        Signature.objects.count(),
    )


def test_history_says_who_why_and_when_and_the_row_forgets_it(story, people):
    article = story.draft()
    at = story.tick()
    with work(actor=people["tom"], now=at):
        article.region = "Norway"
        save(article, actor=people["tom"], reason="A region")
    last = article.history.order_by("history_id").last()
    assert (last.history_user, last.history_change_reason, last.history_date) == (people["tom"], "A region", at)
    assert not {"_history_user", "_change_reason", "_history_date"} & set(vars(article))
    article.save()
    assert article.history.order_by("history_id").last().history_user is None


def test_a_row_forgets_who_saved_it_even_when_saving_failed(story, people):
    article = story.draft()
    article.title = "a\x00b"
    with pytest.raises(Exception, match="NUL"), transaction.atomic():
        save(article, actor=people["tom"], reason="A title")
    assert not {"_history_user", "_change_reason", "_history_date"} & set(vars(article))


def test_a_long_reason_is_kept_whole_in_the_event(story, people):
    reason = "Because " * 60
    bare.abandon(story.draft(), actor=people["nora"], now=story.tick(), reason=reason)
    assert json.loads(AuditEvent.objects.last().body)["data"]["reason"] == reason
    assert len(Article.history.order_by("history_id").last().history_change_reason) == 100


def test_every_verb_leaves_one_event_of_its_own(story):
    story.published()
    kinds = list(AuditEvent.objects.values_list("kind", flat=True))
    assert kinds == [
        "article.created",
        "article.submitted",
        "article.triaged",
        "round.opened",
        "assignment.made",
        "assignment.made",
        "article.under_review",
        "conflict.declared",
        "review.signed",
        "conflict.declared",
        "review.signed",
        "round.confirmed",
        "round.closed",
        "article.approved",
        "publication.published",
    ]


def test_an_error_leaves_nothing_behind(story, people):
    article = story.draft()
    before = traces()

    def fail() -> None:
        with work(actor=people["tom"], now=story.tick()) as running:
            article.title = "Never"
            save(article, actor=running.actor)
            record("article.renamed", article.subject)
            outbox.write("news", people["tom"], now=running.now, text="News", path="/admin/")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert traces() == before
    assert Article.objects.get().title == "How low should blood pressure be?"
    with pytest.raises(RuntimeError):
        record("article.late", article.subject)


def test_a_refusal_deep_inside_takes_back_all_that_came_before_it(story):
    """The editor's signature is written before the last check of the findings: it goes with the rest."""
    round = story.round()
    story.sign(round, "claire")
    article = story.sign(round, "ravi")
    Reference.objects.filter(citations__in=Citation.objects.filter(key="sprint")).update(status="retracted")
    before = traces()

    with pytest.raises(Refused, match="Not ready"):
        story.confirm(article)

    assert traces() == before
    assert Article.objects.get().state == "under_review"
    assert story.open_round_of(article) == round


def test_a_refused_form_leaves_nothing_behind(story):
    article = story.draft()
    article.citations.all().delete()
    before = traces()
    refused = Person("tom").act(article.pk, "submit")
    assert refused.status_code == 403
    assert traces() == before


def test_nothing_is_recorded_outside_a_verb(db):
    with pytest.raises(RuntimeError, match=r"article\.done must be recorded inside a verb"):
        record("article.done", "article:1")


def test_events_of_nested_work_are_appended_by_the_outermost_in_their_order(people, now):
    with work(actor=people["tom"], now=now) as outer:
        record("first", "x")
        with work(actor=people["lena"], now=now + timedelta(days=1)) as inner:
            record("second", "x")
        assert inner is outer
        assert not AuditEvent.objects.exists()
        record("third", "x", actor=User.system())
    assert list(AuditEvent.objects.values_list("kind", flat=True)) == ["first", "second", "third"]
    actors = [json.loads(event.body)["actor"] for event in AuditEvent.objects.all()]
    assert actors == [str(people["tom"].uuid)] * 2 + [str(User.system().uuid)]
    assert {event.at for event in AuditEvent.objects.all()} == {now}


def test_a_role_taken_away_counts_though_the_caller_still_holds_the_old_person(story, people):
    article, tom = story.submitted(), people["tom"]
    assert {str(role) for role in roles_of(tom)} == {"editor"}
    User.objects.get(pk=tom.pk).groups.clear()
    assert {str(role) for role in roles_of(tom)} == {"editor"}  # the old object doesn't know
    with pytest.raises(Refused, match="Only an editor"):
        bare.triage(
            article, actor=tom, now=story.tick(), risk_tier="low", specialty=None, handling_editor=people["lena"]
        )


def test_whoever_waits_for_the_rows_lock_is_read_afterwards_with_their_roles(story, people):
    article, now = story.submitted(), story.tick()
    with CaptureQueriesContext(connection) as asked:
        bare.withdraw(article, actor=people["tom"], now=now, reason="A slip.")
    row, actor = (
        next(place for place, query in enumerate(asked) if column in query["sql"])
        for column in ('"articles_article"."frozen_digest"', '"editorial_user"."is_active"')
    )
    assert row < actor


def test_a_role_taken_away_during_the_wait_for_another_row_counts(story, people):
    article, now = story.submitted(), story.tick()
    values = {"risk_tier": "low", "specialty": None, "handling_editor": people["lena"]}
    with work(actor=people["tom"], now=now) as running:
        assert {str(role) for role in roles_of(running.actor)} == {"editor"}
        people["tom"].groups.clear()
        with pytest.raises(Refused, match="Only an editor"):
            bare.triage(article, actor=running.actor, now=now, **values)


def test_a_disabled_account_acts_no_more(story, people):
    article = story.draft()
    User.objects.filter(username="nora").update(is_active=False)
    assert people["nora"].is_active
    with pytest.raises(Refused, match="Only an author of this article or an editor"):
        bare.submit(article, actor=people["nora"], now=story.tick())


def test_a_verb_judges_the_row_as_it_is_and_not_as_the_caller_saw_it(story, people):
    seen = story.draft()
    story.submitted(Article.objects.get())
    assert seen.state == "draft"
    with pytest.raises(Refused, match="Not possible while the article is “Submitted”"):
        bare.submit(seen, actor=people["nora"], now=story.tick())


def test_a_chief_editor_is_an_editor_and_a_superuser_is_nothing(people):
    assert {str(role) for role in roles_of(people["ingrid"])} == {"chief editor", "editor"}
    root = User.objects.create_superuser("root")
    assert roles_of(root) == frozenset()
    robot = User.objects.create_user("robot", kind="service")
    robot.groups.add(Group.objects.get(name="editor"))
    assert roles_of(robot) == frozenset()


def test_the_same_request_acts_once(story, people):
    article, request = story.draft(), uuid4()
    for _click in range(2):
        bare.submit(article, actor=people["nora"], now=story.tick(), request=request)
    assert AuditEvent.objects.filter(kind="article.submitted").count() == 1
    assert HandledRequest.objects.get(request=request).verb == "submit"


def test_a_refused_request_may_be_sent_again(story, people):
    article, request = story.draft(), uuid4()
    article.citations.all().delete()
    with pytest.raises(Refused):
        bare.submit(article, actor=people["nora"], now=story.tick(), request=request)
    assert not HandledRequest.objects.exists()


def test_a_stale_stamp_is_refused_before_anything_else(story, people):
    article = story.draft()
    stamp = article.stamp
    bare.submit(article, actor=people["nora"], now=story.tick(), expected=stamp)
    with pytest.raises(MovedOn, match="it is now “Submitted”") as moved:
        bare.abandon(article, actor=people["stranger"], now=story.tick(), reason="x", expected=stamp)
    assert moved.value.status == 409


def test_each_verb_changes_the_stamp(story, people):
    article = story.submitted()
    before = article.stamp
    specialty = people["claire"].board_member.credentials.get().specialty
    values = {"risk_tier": "low", "specialty": specialty, "handling_editor": people["tom"]}
    assert bare.triage(article, actor=people["tom"], now=story.tick(), **values).stamp != before


def test_a_condition_is_true_or_says_why_not():
    assert YES
    assert not no("Too late.")
    assert no("Too late.").reason == "Too late."
    assert unless(True, "Never said.") == YES
    YES.enforce()
    with pytest.raises(Refused) as refused:
        no("Too late.").enforce()
    assert (refused.value.reason, refused.value.status) == ("Too late.", 403)


def test_of_several_conditions_the_first_refusal_is_said():
    assert (YES & no("First.") & no("Second.")).reason == "First."
    assert Condition() == (YES & YES)
