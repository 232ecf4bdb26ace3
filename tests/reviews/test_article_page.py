"""The article's page for staff: its published versions, and what it costs."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Citation, Publication, Reference
from editorial.verbs import record, work
from reviews.models import ReviewAssignment
from tests.desk import Person
from tests.reviews.later import hold

MOST = 36
"""Queries of the whole page, the session and the user included."""


def text_of(person: Person, article: Article) -> str:
    answer = person.client.get(f"/admin/articles/article/{article.pk}/change/")
    assert answer.status_code == 200
    return answer.text


def versions(person: Person, article: Article) -> str:
    """The panel of published versions as plain text."""
    panel = text_of(person, article).split('id="versions"')[1].split("</section>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", panel)).split())


def twice_published(story) -> Article:
    article = story.published()
    round = story.round(article=story.revised(article, ("below 130", "below 125"), note="A lower target."))
    story.sign(round, "claire")
    story.sign(round, "ravi")
    return story.confirm(article) if Article.objects.get(pk=article.pk).state == "under_review" else article


def test_each_version_says_what_it_is_who_signed_it_and_when(story):
    article = twice_published(story)
    said = versions(Person("tom"), article)
    assert "Version 2 Live 2 March 2026" in said
    assert "correction · signed as it stands" in said
    assert "A lower target." in said
    assert "Signed by Claire Dubois, MD; Ravi Menon, MD, DM" in said
    assert "Reviewed 2 March 2026, next by 2 March 2028" in said
    assert "Version 1 Superseded" in said
    page = text_of(Person("tom"), article)
    assert f"/admin/articles/article/{article.pk}/compare/?from=v1&amp;to=v2" in page
    assert f'href="/articles/{article.slug}/"' in page


def test_an_author_reads_of_the_versions_and_no_name(story):
    article = twice_published(story)
    said = versions(Person("nora"), article)
    assert "Signed by a reviewer, cardiology" in said
    assert "an editor" in said
    assert not [name for name in ("Claire", "Dubois", "Ravi", "Menon") if name in text_of(Person("nora"), article)]


def test_a_version_that_readers_dont_get_says_so(story):
    article = story.published()
    hold(story, article)
    assert "On hold 2 March 2026" in versions(Person("tom"), article)
    assert "Readers get a notice in its place while it is on hold." in versions(Person("tom"), article)


def test_before_the_first_version_there_is_no_such_panel(story):
    assert 'id="versions"' not in text_of(Person("tom"), story.submitted())


def grown(story, article: Article, upto: int) -> None:
    """So many seats, versions and events."""
    round, seat = article.rounds.last(), ReviewAssignment.objects.filter(round__article=article).first()
    first = Publication.objects.filter(article=article).order_by("number").first()
    for number in range(article.publications.count() + 1, upto + 1):
        values = {f.attname: getattr(first, f.attname) for f in first._meta.concrete_fields if f.name != "id"}
        Publication.objects.create(**{**values, "number": number, "status": "superseded"})
    for _more in range(round.assignments.count(), upto):
        values = {f.attname: getattr(seat, f.attname) for f in seat._meta.concrete_fields if f.name != "id"}
        ReviewAssignment(**{**values, "state": "released"}).save_base(raw=True)
        with work(actor=story.people["tom"], now=story.tick()):
            record("assignment.extended", seat.subject, reason="Ill.")


@pytest.mark.parametrize("name", ["tom", "ingrid", "nora"])
def test_the_page_costs_the_same_with_1_3_and_30_seats_versions_and_events(story, name):
    article, somebody, costs = story.published(), Person(name), []
    for upto in (1, 3, 30):
        grown(story, article, upto)
        text_of(somebody, article)
        with CaptureQueriesContext(connection) as queries:
            text_of(somebody, article)
        costs.append([q["sql"] for q in queries])
    assert len({len(cost) for cost in costs}) == 1, [len(cost) for cost in costs]
    assert len(costs[0]) <= MOST, costs[0]


def draft(story) -> Article:
    return story.draft()


def submitted(story) -> Article:
    return story.submitted()


def under_review(story) -> Article:
    return story.round().article


@pytest.mark.parametrize("stage", [draft, submitted, under_review])
@pytest.mark.parametrize("name", ["ingrid", "nora"])
def test_no_stage_costs_more_than_that(story, name, stage):
    article, somebody = stage(story), Person(name)
    text_of(somebody, article)
    with CaptureQueriesContext(connection) as queries:
        text_of(somebody, article)
    assert len(queries) <= MOST, [q["sql"] for q in queries]


def test_a_text_that_is_edited_costs_the_same_with_1_3_and_30_sources(story):
    article, nora, costs = story.draft(), Person("nora"), []
    first = article.citations.first()
    article.citations.exclude(pk=first.pk).delete()
    for upto in (1, 3, 30):
        for number in range(article.citations.count(), upto):
            reference = Reference.objects.create(title=f"Source {number}")
            Citation.objects.create(article=article, reference=reference, key=f"source-{number}")
        with CaptureQueriesContext(connection) as queries:
            page = text_of(nora, article)
        costs.append(len(queries))
    assert costs == [costs[0]] * 3
    assert page.count(">Source ") == 29
    assert f'<option value="{first.reference_id}" selected>{first.reference}</option>' in page


def test_a_page_that_only_looks_asks_each_question_once(story):
    article, tom = story.round().article, Person("tom")
    text_of(tom, article)
    with CaptureQueriesContext(connection) as queries:
        text_of(tom, article)
    asked = [q["sql"] for q in queries]
    assert len(set(asked)) == len(asked)
    of_authors = 'FROM "editorial_user" INNER JOIN "articles_article_authors"'
    assert sum(of_authors in sql for sql in asked) == 1
    rows = [sql for sql in asked if sql.startswith('SELECT "articles_article"."id"')]
    assert len(rows) == 1
