"""What a member who was struck off had signed brings nothing to readers until a chief editor has looked at it."""

from datetime import timedelta

import pytest

from articles.models import Article, Publication
from editorial.conditions import Refused
from editorial.models import AuditEvent, User
from reviews import workflow
from reviews.models import Signature
from tests.desk import Person
from tests.reviews.later import asked_again

WAITS = "Struck off since: Claire Dubois. Withdraw each of their signatures under it, or let it stand, first."


def strike_off(story) -> None:
    claire = story.people["claire"].board_member
    workflow.strike_off(claire, actor=story.people["ingrid"], now=story.tick(), reason="A false licence.")


def keep(story, article: Article, signature: Signature | None = None) -> None:
    signature = signature or Signature.objects.get(signer=story.people["claire"])
    story.tick()
    values = {"signature": signature, "reason": "The text is right.", "proof": story.proof("ingrid")}
    workflow.keep_signature(article, actor=story.people["ingrid"], now=story.now, **values)


def status() -> str:
    return Publication.objects.get().status


def test_a_version_that_waits_for_its_day_waits_for_the_chief_too(story):
    article = story.published(publish_not_before=story.now + timedelta(days=1))
    strike_off(story)
    due = story.now + timedelta(days=2)
    workflow.publish_scheduled(article, actor=User.system(), now=due)
    assert status() == "scheduled"
    assert WAITS in AuditEvent.objects.get(kind="publication.not_released").body
    keep(story, article)
    workflow.publish_scheduled(article, actor=User.system(), now=due)
    assert status() == "live"


def test_nobody_confirms_over_such_a_signature(story, now_is):
    round = story.round()
    story.sign(round, "claire")
    strike_off(story)
    article = story.sign(round, "ravi")
    with pytest.raises(Refused, match="Struck off since: Claire Dubois"):
        story.confirm(article)
    page = Person("tom").client.get(f"/admin/articles/article/{article.pk}/change/").text
    assert WAITS in page
    keep(story, article)
    assert story.confirm(article).state == "approved"


def test_the_last_signature_publishes_nothing_over_it_and_letting_it_stand_does(story):
    """A reaffirmation needs no editor's confirmation: the round goes on by itself once the chief has decided."""
    round = asked_again(story, story.published(), "claire", "eva")
    story.sign(round, "claire")
    strike_off(story)
    article = story.sign(round, "eva")
    assert (article.state, Publication.objects.count()) == ("under_review", 1)
    for signature in Signature.objects.filter(signer=story.people["claire"]):
        keep(story, article, signature)
    assert Article.objects.get().state == "approved"
    assert Publication.objects.count() == 2


def test_a_signature_that_the_quorum_does_not_need_stops_nothing(story):
    seats = {name: story.people[name].board_member for name in ("ravi", "liam", "claire")}
    round = workflow.open_round(
        story.triaged(),
        actor=story.people["tom"],
        now=story.tick(),
        members=[seats["ravi"], seats["liam"]],
        optional=[seats["claire"]],
    )
    for name in ("claire", "ravi", "liam"):
        story.sign(round, name)
    strike_off(story)
    assert story.confirm(round.article).state == "approved"
