"""One person with two roles never plays both on one article."""

import pytest
from django.contrib.auth.models import Group

from articles.models import Article
from editorial.conditions import Refused
from editorial.models import User
from reviews import workflow
from reviews.models import Review, ReviewAssignment


@pytest.fixture
def claire(people):
    """A board member who edits too."""
    people["claire"].groups.add(Group.objects.get(name="editor"))
    return User.objects.get(username="claire")


def test_whoever_sits_on_the_panel_never_releases_another_seat_of_it(story, claire):
    round = story.round("claire", "ravi")
    with pytest.raises(Refused, match="on this article's panel"):
        workflow.release(
            round.article, actor=claire, now=story.tick(), assignment=story.seat(round, "ravi"), reason="In my way."
        )
    assert ReviewAssignment.objects.filter(round=round, state="released").count() == 0


def test_nobody_carries_their_own_signature_into_a_round_that_they_open(story, people, claire):
    round = story.round("claire", "ravi")
    story.sign(round, "claire")
    article = workflow.withdraw(round.article, actor=people["tom"], now=story.tick(), reason="A second look.")
    article = story.triaged(Article.objects.get(pk=article.pk))
    own = Review.objects.get(round=round)
    with pytest.raises(Refused, match="their own signature"):
        workflow.open_round(article, actor=claire, now=story.tick(), members=[people["ravi"].board_member], carry=[own])
