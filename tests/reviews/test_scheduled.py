"""A version that waits for its day is shown only if nothing has happened to its article since."""

from datetime import timedelta

import pytest
from django.test import Client

from articles import lifecycle
from articles import workflow as bare
from articles.models import Article, Publication, PublicPage, Reference
from editorial.models import AuditEvent, User
from reviews import workflow
from reviews.tasks import publish_scheduled
from reviews.verification import pages, quorums, statuses


@pytest.fixture
def waiting(story) -> Article:
    """Approved, to be shown tomorrow."""
    return story.published(publish_not_before=story.now + timedelta(days=1))


def clock_strikes(story, article: Article) -> Article:
    return workflow.publish_scheduled(article, actor=User.system(), now=story.now + timedelta(days=2))


def is_shown(article: Article) -> bool:
    return Client().get(f"/articles/{article.slug}/").status_code == 200


def problems() -> list:
    return [*pages(), *quorums(), *statuses()]


def test_it_is_shown_on_its_day_and_not_before(story, waiting):
    assert not PublicPage.objects.exists()
    workflow.publish_scheduled(waiting, actor=User.system(), now=story.now)
    assert not is_shown(waiting)
    clock_strikes(story, waiting)

    assert is_shown(waiting)
    assert problems() == []


def test_the_task_shows_what_is_due(story, waiting):
    assert publish_scheduled() == 1
    assert is_shown(waiting)


def test_revising_cancels_it(story, waiting):
    bare.revise(waiting, actor=story.people["nora"], now=story.tick(), reason="A slip.")
    clock_strikes(story, waiting)

    assert Publication.objects.get().status == "superseded"
    assert not is_shown(waiting)
    assert problems() == []


def test_a_source_retracted_in_between_keeps_it_back_and_says_so(story, waiting):
    Reference.objects.filter(citations__key="sprint").update(status="retracted")
    clock_strikes(story, waiting)

    assert not is_shown(waiting)
    assert "retracted" in AuditEvent.objects.get(kind="publication.not_released").body


def second_version_waits(story) -> Article:
    article = story.published()
    article = bare.revise(article, actor=story.people["nora"], now=story.tick(), reason="A new trial.")
    Article.objects.filter(pk=article.pk).update(publish_not_before=story.now + timedelta(days=1), short_answer="New.")
    round = story.round(article=Article.objects.get(pk=article.pk))
    story.sign(round, "claire")
    return story.confirm(story.sign(round, "ravi"))


def test_it_never_comes_up_over_a_hold(story):
    article = second_version_waits(story)
    story.tick()
    lifecycle.hold(article, actor=story.people["tom"], now=story.now, reason="A dose.", proof=story.proof("tom"))
    clock_strikes(story, article)

    assert sorted(Publication.objects.values_list("number", "status")) == [(1, "on_hold"), (2, "scheduled")]
    assert not is_shown(article)


def test_a_retraction_cancels_it(story):
    article = second_version_waits(story)
    story.tick()
    ingrid, proof = story.people["ingrid"], story.proof("ingrid")
    lifecycle.retract(article, actor=ingrid, now=story.now, notice="Invented data.", proof=proof)
    clock_strikes(story, article)

    assert sorted(Publication.objects.values_list("number", "status")) == [(1, "retracted"), (2, "superseded")]
    assert problems() == []
