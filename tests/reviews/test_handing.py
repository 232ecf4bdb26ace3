"""An article passes from one editor's hands into another's."""

import pytest
from django.contrib.auth.models import Group

from articles.models import Article
from editorial.conditions import Refused
from editorial.models import AuditEvent, OutboxMessage
from reviews import workflow
from tests.desk import Person


def hand(story, article, to: str, by: str = "tom"):
    people = story.people
    return workflow.hand_over(article, actor=people[by], now=story.tick(), handling_editor=people[to])


def test_state_text_and_round_stay_and_the_record_names_both(story):
    round = story.round()
    before = Article.objects.get(pk=round.article_id)
    after = hand(story, round.article, "lena")
    assert (after.state, after.state_since, after.frozen_digest) == (
        before.state,
        before.state_since,
        before.frozen_digest,
    )
    event = AuditEvent.objects.get(kind="article.handed_over")
    assert str(story.people["tom"].uuid) in event.body
    assert str(story.people["lena"].uuid) in event.body


def test_whoever_takes_it_upon_themselves_gets_no_mail_about_it(story):
    hand(story, story.round().article, "lena", by="lena")
    assert not OutboxMessage.objects.filter(kind="news").exists()


@pytest.mark.parametrize(
    ("to", "why"),
    [("tom", "handles it already"), ("nora", "has to be an editor"), ("claire", "is on this article's panel")],
)
def test_nobody_who_could_not_edit_it_gets_it(story, to, why):
    story.people["claire"].groups.add(Group.objects.get(name="editor"))
    with pytest.raises(Refused, match=why):
        hand(story, story.round().article, to)


def test_an_editor_who_wrote_it_neither_gives_nor_takes_it(story):
    article = story.triaged()
    article.authors.add(story.people["lena"])
    with pytest.raises(Refused, match="author of this article"):
        hand(story, article, "ingrid", by="lena")
    with pytest.raises(Refused, match="author of this article"):
        hand(story, article, "lena")


def test_the_page_asks_for_the_new_editor_and_goes_back_to_the_article(story):
    round, lena = story.round(), story.people["lena"]
    tom = Person("tom")
    assert tom.act(round.article_id, "hand_over", handling_editor="").status_code == 422
    assert tom.act(round.article_id, "hand_over", handling_editor=lena.pk).status_code == 302
    assert Article.objects.get(pk=round.article_id).handling_editor == lena
