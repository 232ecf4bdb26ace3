"""Where the last full review cuts off: what was changed before its freeze was signed with the rest."""

import pytest
from django.db.models import F

from articles.models import Article
from reviews import workflow
from reviews.demo.cast import PASSWORD
from tests.articles import test_contributors as whole
from tests.articles.test_contributors import change
from tests.desk import Person

story, names = whole.story, whole.names


def library_change(story, article: Article, username: str) -> None:
    change(story, username, article.citations.first().reference, title="100 mg is the recommended dose")


def signed_by_all(story, round) -> Article:
    for name in ("claire", "ravi"):
        story.sign(round, name)
    return Article.objects.get(pk=story.confirm(round.article).pk)


@pytest.mark.parametrize("when", ["submitted", "under review", "half signed"])
def test_a_source_changed_between_the_freeze_and_the_last_signature_is_no_part_of_what_was_signed(story, names, when):
    article = story.triaged()
    if when == "submitted":
        library_change(story, article, "lena")
    panel = [story.people[name].board_member for name in ("claire", "ravi")]
    round = workflow.open_round(article, actor=story.people["tom"], now=story.tick(), members=panel)
    if when == "under review":
        library_change(story, article, "lena")
    if when == "half signed":
        story.sign(round, "claire")
        library_change(story, article, "lena")
        story.sign(round, "ravi")
        story.confirm(Article.objects.get())
    else:
        signed_by_all(story, round)
    assert names(Article.objects.get()) == {"nora", "lena"}


def test_a_source_changed_before_the_freeze_was_signed_with_the_rest(story, names):
    article = story.draft()
    library_change(story, article, "lena")
    assert names(story.published(article=article)) == {"nora"}


def test_when_the_same_text_was_frozen_twice_the_later_one_counts(story, names):
    """What was changed and put back between the two is in neither."""
    article = story.triaged()
    reference = article.citations.first().reference
    title = reference.title
    change(story, "lena", reference, title="Another")
    change(story, "lena", reference, title=title)
    workflow.withdraw(article, actor=story.people["tom"], now=story.tick(), reason="Too soon.")
    assert names(story.published(article=Article.objects.get())) == {"nora"}


def test_a_freeze_after_the_signatures_cuts_nothing_off(story, names):
    article = story.published()
    library_change(story, article, "lena")
    Article.history.create(
        **{
            **Article.history.filter(submitted_at=F("history_date")).values().latest("history_date"),
            "history_id": None,
            "history_date": story.tick(),
            "submitted_at": story.now,
        }
    )
    assert names(article) == {"nora", "lena"}


def test_a_version_whose_freeze_nobody_recorded_cuts_nothing_off(story, names):
    article = story.draft()
    change(story, "lena", article, short_answer="Below 130 mm Hg for most.")
    article = story.published(article=article)
    assert names(article) == {"nora"}
    Article.history.filter(submitted_at=F("history_date")).delete()
    assert names(article) == {"nora", "lena"}


def test_whose_words_were_added_meanwhile_does_not_confirm_them_as_typography(story):
    """The library's entry was changed under review, so a typographic revision is the first to show it."""
    round = story.round()
    reference = round.article.citations.get(key="aha").reference
    change(story, "lena", reference, title=reference.title.replace("high blood", "high  blood"))
    article = story.revised(signed_by_all(story, round), note="Spacing.")
    article = story.edit(article, ("In one large", "In one  large"))
    workflow.open_round(story.triaged(article), actor=story.people["tom"], now=story.tick())
    assert Article.objects.get().change_class == "typographic"

    refused = Person("lena").force(article, "confirm", password=PASSWORD)

    assert refused.status_code == 403
    assert "You contributed to this text" in refused.text
    assert article.publications.count() == 1
