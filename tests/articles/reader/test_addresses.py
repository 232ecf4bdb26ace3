"""An article keeps every address that it ever had on the site: old ones lead on, and nobody else gets them."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from articles import workflow as bare
from articles.models import Article, Publication
from tests.articles.reader.test_versions import get
from tests.articles.test_ending import ended
from tests.editorial.test_verify import found
from tests.reviews.later import revised, round_of


def moved(story) -> Article:
    """An article whose second version stands at another address than its first."""
    revised(story, story.published(), "update", replace=("130 mm Hg", "125 mm Hg"))
    Article.objects.update(slug="blood-pressure-target")
    round = round_of(story, Article.objects.get(), "claire", "ravi")
    story.sign(round, "claire")
    return story.confirm(story.sign(round, "ravi"))


OLD = "/articles/how-low-should-blood-pressure-be/"


@pytest.mark.sqlite
@pytest.mark.parametrize("rest", ["", "v/1/", "v/2/", "v/1/changes/", "v/2/changes/", "history/"])
def test_every_old_address_leads_on_to_the_new_one(rest, story, django_assert_max_num_queries):
    article = moved(story)
    assert article.slug == "blood-pressure-target"
    with django_assert_max_num_queries(2):
        answer = Client().get(OLD + rest)
    assert (answer.status_code, answer["Location"]) == (301, f"/articles/{article.slug}/{rest}")
    assert get(article, rest).status_code == 200
    assert OLD not in get(article, rest).text


def test_the_readers_audience_goes_along_and_nothing_else(story):
    moved(story)
    assert Client().get(f"{OLD}?for=patient")["Location"].endswith("/?for=patient")
    assert Client().get(f"{OLD}?for=%0d%0aSet-Cookie:a&x=1")["Location"] == "/articles/blood-pressure-target/"


def test_a_version_that_never_was_is_unknown_at_an_old_address_too(story):
    moved(story)
    assert Client().get(f"{OLD}v/9/").content == Client().get("/nowhere/").content


@pytest.mark.parametrize(("how", "status"), [("on_hold", 404), ("removed", 410)])
def test_an_old_address_leads_to_the_page_that_says_it_is_withheld(how, status, story):
    ended(story, moved(story), how)
    answer = Client().get(f"{OLD}v/1/", follow=True)
    assert answer.redirect_chain == [("/articles/blood-pressure-target/v/1/", 301)]
    assert answer.status_code == status
    assert found() == {}


def test_an_address_in_a_revision_that_readers_have_not_got_leads_nowhere(story):
    revised(story, story.published(), "update", replace=("130 mm Hg", "125 mm Hg"))
    Article.objects.update(slug="blood-pressure-target")
    assert Client().get("/articles/blood-pressure-target/").content == Client().get("/nowhere/").content
    assert Client().get(OLD).status_code == 200


def test_a_new_article_of_the_same_title_gets_an_address_of_its_own(story):
    moved(story)
    assert bare.free_slug("How low should blood pressure be?") == "how-low-should-blood-pressure-be-2"
    assert bare.free_slug("Blood pressure target") == "blood-pressure-target-2"


def test_an_old_address_is_refused_in_words_to_any_other_article(story):
    article = moved(story)
    taken = Publication.objects.get(number=1).slug
    with pytest.raises(ValidationError, match="is an earlier address of “How low should blood pressure be"):
        bare.create(actor=story.people["nora"], now=story.tick(), title="Another?", slug=taken)
    article.slug = taken
    article.full_clean(exclude=["state"])  # it may go back to its own
