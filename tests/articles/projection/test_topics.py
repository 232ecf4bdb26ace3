"""The reader's topics: what the pages on the site are about, called as the editors call it today."""

import pytest
from django.test import Client

from articles import lifecycle, projection
from articles.models import Publication, PublicPage, PublicPageTopic, PublicTopic, Topic
from articles.projection import topics

pytestmark = pytest.mark.django_db


def under(page: PublicPage) -> list[str]:
    return list(page.in_topics.values_list("name", flat=True))


def test_a_page_stands_under_its_topics_while_it_is_on_the_site(story, people):
    article = story.published()
    page = PublicPage.objects.get()
    assert under(page) == ["Hypertension"]
    story.tick()
    lifecycle.hold(article, actor=people["lena"], now=story.now, reason="A dose.", proof=story.proof("lena"))
    assert under(page) == []


def test_a_draft_makes_no_topic(story):
    story.draft()
    assert not PublicTopic.objects.exists()


def test_a_topic_is_called_as_the_editors_call_it(story):
    story.published()
    topic = Topic.objects.get()
    topic.name = "High blood pressure"
    topic.save()
    assert under(PublicPage.objects.get()) == ["High blood pressure"]
    assert list(topics.differences()) == []


def test_verification_finds_another_name_and_another_topic(story):
    story.published()
    PublicTopic.objects.update(name="Homeopathy")
    assert list(topics.differences()) == [("PublicTopic hypertension", "isn't called what the editors call it")]
    PublicPage.objects.get().in_topics.clear()
    publication = Publication.objects.get()
    assert projection.differences(publication) == ["in_topics"]
    projection.project(publication)
    projection.project_tables()
    assert projection.differences(publication) == []
    assert list(projection.differences_of_tables()) == []


def test_a_tie_says_the_page_s_days_and_verification_finds_one_that_doesn_t(story):
    story.published()
    page, tie = PublicPage.objects.get(), PublicPageTopic.objects.get()
    assert (tie.reviewed_on, tie.changed_at) == (page.last_reviewed, page.changed_at)
    publication = Publication.objects.get()
    for wrong in ({"reviewed_on": None}, {"reviewed_on": "2020-02-02"}, {"changed_at": "2020-02-02T00:00Z"}):
        PublicPageTopic.objects.update(**wrong)
        assert projection.differences(publication) == ["in_topics"]
        projection.project(publication)
        assert projection.differences(publication) == []


def test_a_retracted_page_leaves_the_topic_s_list_and_stays_in_its_feed(story, people):
    article = story.published()
    story.tick()
    proof = story.proof("ingrid")
    lifecycle.retract(article, actor=people["ingrid"], now=story.now, notice="Made up.", proof=proof)
    page, tie = PublicPage.objects.get(), PublicPageTopic.objects.get()
    assert (tie.reviewed_on, tie.changed_at) == (None, page.changed_at)


def test_what_an_earlier_release_tied_during_the_upgrade_is_dated_by_the_setup(story):
    article = story.published()
    PublicPageTopic.objects.update(reviewed_on=None)
    assert article.title not in Client().get("/topics/hypertension/").text
    assert topics.date_ties() == "1 dated"
    assert article.title in Client().get("/topics/hypertension/").text
    assert projection.differences(Publication.objects.get()) == []
    assert topics.date_ties() == "dated already"
