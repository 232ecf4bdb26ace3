"""Triage opens with what is likely, and leads on to the panel."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Topic
from articles.similar import start_of
from editorial.models import ReviewRule, Specialty
from reviews.models import ReviewRound
from tests.desk import Person


def triage_url(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/verb/triage/"


def test_nothing_is_proposed_where_nothing_is_known(story):
    start = start_of(story.submitted())
    assert (start.risk_tier, start.specialty, start.why) == ("standard", None, "")


def test_what_others_on_the_same_topics_got_is_proposed_and_said(story):
    story.triaged(risk="high")
    article = story.submitted(title="And in old age?")
    start = start_of(article)
    assert (start.risk_tier, start.specialty.slug) == ("high", "cardiology")
    page = Person("tom").client.get(triage_url(article)).text
    assert "Proposed: as for 1 other article on its topics." in page


def test_a_low_risk_is_never_proposed_from_others(story):
    story.triaged(risk="low")
    assert start_of(story.submitted(title="And in old age?")).risk_tier == "standard"


def test_what_most_of_the_others_got_wins(story):
    first, *_rest = [story.triaged(title=f"Number {number}?") for number in range(3)]
    Article.objects.filter(pk=first.pk).update(specialty=Specialty.objects.get(slug="rheumatology"))
    assert start_of(story.submitted(title="And in old age?")).specialty.slug == "cardiology"


def test_a_topic_that_says_a_specialtys_name_is_enough(story):
    article = story.submitted()
    article.topics.add(Topic.objects.create(name="Rheumatology in children", slug="rheumatology-in-children"))
    start = start_of(article)
    assert (start.specialty.slug, start.why) == ("rheumatology", "by the name of its topic")


def test_an_article_that_was_triaged_before_gets_what_it_had(story, people):
    article = story.triaged(risk="low")
    start = start_of(article)
    assert (start.risk_tier, start.specialty.slug, start.why) == ("low", "cardiology", "as it was triaged before")


@pytest.mark.parametrize("others", [1, 3, 30])
def test_the_number_of_queries_is_the_same_with_more_articles(others, story):
    for number in range(others):
        story.triaged(title=f"Number {number}?")
    article = story.submitted(title="And in old age?")
    with CaptureQueriesContext(connection) as queries:
        start_of(Article.objects.get(pk=article.pk))
    assert len(queries) == 4


def test_triage_leads_on_to_the_filled_panel(story):
    story.triaged(title="Another?")
    article = story.submitted(title="And in old age?")
    tom = Person("tom")
    done = tom.fill(triage_url(article))
    assert done.status_code == 302
    assert done["Location"] == f"/admin/articles/article/{article.pk}/verb/open_round/"
    assert tom.fill(done["Location"]).status_code == 302
    assert ReviewRound.objects.get().assignments.filter(seat="required").exists()


def test_triage_leads_back_to_the_article_where_no_rule_lets_a_round_open(story):
    article = story.submitted(title="And in old age?")

    ReviewRule.objects.all().delete()
    done = Person("tom").fill(triage_url(article), specialty=Specialty.objects.get(slug="cardiology").pk)
    assert done["Location"] == f"/admin/articles/article/{article.pk}/change/"
