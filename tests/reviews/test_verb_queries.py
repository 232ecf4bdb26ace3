"""How often the heaviest verbs ask the database. ``tests.load.verbs`` says what that costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import workflow as bare
from articles.models import Article
from reviews import workflow

pytestmark = pytest.mark.django_db

SUBMIT, LAST_SIGNATURE, CONFIRM, SECOND_VERSION = 16, 22, 46, 63
"""Three of the third are for a topic that readers know no page of yet."""


def test_submitting_asks_nothing_twice(story):
    draft, now = story.draft(), story.tick()
    with CaptureQueriesContext(connection) as asked:
        bare.submit(draft, actor=story.people["nora"], now=now)
    assert counted(asked) <= SUBMIT
    assert repeated(asked) == []


def test_the_last_signature_and_all_that_follows_stay_within_their_budget(story):
    signed, confirmed = publish(story, story.round())
    assert signed <= LAST_SIGNATURE
    assert confirmed <= CONFIRM


def test_a_new_version_costs_little_more_than_the_first(story):
    article = story.published()
    words = ("prevented heart attacks", "clearly prevented heart attacks")
    revised = story.revised(article, words, conclusions_changed=True)
    _signed, confirmed = publish(story, story.round(article=revised))
    assert confirmed <= SECOND_VERSION


def publish(story, round) -> tuple[int, int]:
    """Queries of the last signature, and of the confirmation that approves and publishes."""
    story.sign(round, "claire")
    seat, article = story.declare(round, "ravi"), Article.objects.get(pk=round.article_id)
    answers = {item["code"]: "yes" for item in round.rule["checklist"]}
    story.tick()
    signer = {"actor": story.people["ravi"], "now": story.now, "proof": story.proof("ravi")}
    editor = {"actor": story.people["tom"], "now": story.now, "proof": story.proof("tom")}
    with CaptureQueriesContext(connection) as signing:
        workflow.sign_review(article, assignment=seat, verdict="approve", checklist=answers, **signer)
    with CaptureQueriesContext(connection) as confirming:
        workflow.confirm(article, **editor)
    assert article.publications.filter(status="live").count() == 1
    return counted(signing), counted(confirming)


def counted(asked) -> int:
    return len(_own(asked))


def repeated(asked) -> list[str]:
    """What was read more than once in the very same words."""
    reads = [sql for sql in _own(asked) if sql.startswith("SELECT")]
    return sorted({sql for sql in reads if reads.count(sql) > 1})


def _own(asked) -> list[str]:
    """Without what a test's own transaction adds."""
    return [each["sql"] for each in asked if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]
