"""Long lists of the desk are counted up to a point, and say so."""

import pytest
from django.core.paginator import Paginator

from articles.models import Article
from editorial.admin import counting
from editorial.admin.counting import OrMore, Pages
from tests.desk import Person

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"


@pytest.fixture
def few(monkeypatch):
    """As if two were many."""
    monkeypatch.setattr(counting, "MOST", 2)


def test_short_list_is_counted_as_ever(story):
    story.draft()
    rows = Article.objects.order_by("pk")
    assert Pages(rows, 50).count == Paginator(rows, 50).count == 1
    assert Pages([1, 2, 3], 2).num_pages == 2


def test_long_list_is_counted_up_to_a_point(story, few):
    for number in range(4):
        story.draft(title=f"Which of {number} remedies helps?")
    pages = Pages(Article.objects.order_by("pk"), 1)
    assert (int(pages.count), str(pages.count), pages.num_pages) == (2, "2+", 2)
    assert str(OrMore(10_000)) == "10,000+"


def test_long_list_says_that_there_is_more_and_finds_it_by_its_words(story, few):
    for number in range(4):
        story.draft(title=f"Which of {number} remedies helps?")
    tom = Person("tom")
    assert "2+ articles" in " ".join(tom.client.get(LIST).text.split())
    assert "2+ results" in tom.client.get(LIST, {"q": "remedies"}).text
    found = tom.client.get(LIST, {"q": "3 remedies"}).text
    assert "1 result " in found
    assert "Which of 3 remedies helps?" in found


def test_filter_by_editor_offers_whoever_handles_something(story):
    story.triaged()
    offered = Person("tom").client.get(LIST).context["cl"].filter_specs[3].lookup_choices
    assert [name for _pk, name in offered if _pk] == [str(story.people["tom"])]
