"""Bringing an earlier version back, retiring, removing: who, from where, and what readers get."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from articles import lifecycle, projection
from articles import workflow as bare
from articles.models import Article, Notice, Publication, PublicNotice, PublicPage
from editorial import clock
from editorial.conditions import Refused
from editorial.models import AuditEvent
from reviews import workflow
from reviews.demo.cast import PASSWORD
from tests.desk import Person
from tests.editorial.test_verify import found
from tests.reviews.later import current, hold, read, revised, round_of, void
from tests.reviews.panels import seats

REASON = "A court ordered it."
SENTENCE = "A target below 130 mm Hg is recommended"
STATUSES = ("live", "on_hold", "retracted", "retired", "removed")
FROM = {"restore": {"on_hold"}, "retire": {"live"}, "remove": {"live", "on_hold", "retracted", "retired"}}
"""The house's table, by the status of the current version."""


def second(story) -> Article:
    """A live second version with other words."""
    article = revised(story, story.published(), "update", replace=("130 mm Hg", "125 mm Hg"))
    round = round_of(story, article, "claire", "ravi")
    story.sign(round, "claire")
    return story.confirm(story.sign(round, "ravi"))


def ended(story, article: Article, how: str) -> Article:
    """The article with its current version in this status."""
    article, ingrid = Article.objects.get(pk=article.pk), story.people["ingrid"]
    story.tick()
    if how == "on_hold":
        hold(story, article)
    elif how == "retracted":
        proof = story.proof("ingrid")
        lifecycle.retract(article, actor=ingrid, now=story.now, notice="The trial was made up.", proof=proof)
    elif how == "retired":
        lifecycle.retire(article, actor=ingrid, now=story.now, reason="Nobody asks any more.")
    elif how == "removed":
        proof = story.proof("ingrid")
        lifecycle.remove(article, actor=ingrid, now=story.now, notice=REASON, proof=proof)
    return Article.objects.get(pk=article.pk)


def send(person: str, article: Article, verb: str, **values):
    given = {"reason": "For the test.", "notice": REASON, "password": PASSWORD, "number": 1, "successor": ""}
    return Person(person).force(article, verb, **{**given, **values})


@pytest.mark.parametrize("verb", FROM)
def test_each_verb_works_from_the_statuses_of_the_table_alone(verb, story):
    article = second(story)
    for status in STATUSES:
        with transaction.atomic():
            uses(verb, ended(story, article, status), status)
            transaction.set_rollback(True)


def uses(verb: str, article: Article, status: str) -> None:
    assert current(article).status == status
    done = send("ingrid", article, verb)
    possible = status in FROM[verb]
    assert done.status_code == (302 if possible else 403)
    expected = {"restore": "live", "retire": "retired", "remove": "removed"}[verb] if possible else status
    assert current(article).status == expected
    if not possible:
        assert 'class="banner banner--danger' in done.text
    assert [projection.differences(row) for row in Publication.objects.all()] == [[]] * Publication.objects.count()
    assert found() == {}


OTHERS = {"tom": (404,), "lena": (404,), "nora": (404,), "claire": (404,), "stranger": (302, 403)}


@pytest.mark.parametrize("verb", FROM)
def test_nobody_but_a_chief_uses_them(verb, story):
    article = second(story)
    if verb == "restore":
        hold(story, article)
    before = current(article).status
    for person, answers in OTHERS.items():
        assert send(person, article, verb).status_code in answers, person
        assert current(article).status == before, person


@pytest.mark.parametrize("verb", ["restore", "remove"])
def test_what_takes_text_down_or_puts_it_up_needs_the_password(verb, story):
    article = hold(story, second(story))
    refused = send("ingrid", article, verb, password="wrong")
    assert refused.status_code == 403
    assert "That password isn" in refused.text
    assert current(article).status == "on_hold"


@pytest.mark.parametrize("verb", FROM)
def test_a_chief_who_wrote_it_leaves_it_to_another(verb, story):
    article = second(story)
    if verb == "restore":
        hold(story, article)
    article.authors.add(story.people["ingrid"])
    refused = send("ingrid", article, verb)
    assert refused.status_code == 403
    assert "You are an author of this article" in refused.text


# Retire


def test_a_retired_page_says_since_when_and_what_takes_its_place(story):
    article, other = second(story), story.published(title="A newer question?")
    listed = Client().get("/").text
    assert article.title in listed

    assert send("ingrid", article, "retire", successor=f"https://example.org/articles/{other.slug}/").status_code == 302

    page = read(article)
    assert page.status_code == 200
    assert "No longer maintained" in page.text
    assert f"Since {clock.shown(timezone.localdate())} it is not reviewed any more." in page.text
    assert f'/articles/{other.slug}/">Read the article that takes its place' in page.text
    assert "A newer question?" not in page.text
    assert article.title not in Client().get("/").text
    assert found() == {}


def test_a_retired_page_tells_nothing_of_a_successor_that_is_taken_down(story):
    article, other = second(story), story.published(title="A newer question?")
    send("ingrid", article, "retire", successor=other.slug)
    hold(story, other)
    assert "A newer question?" not in read(article).text
    assert found() == {}


@pytest.mark.parametrize("successor", ["itself", "a-draft", "nobody-wrote-this", "../../admin", "Ж"])
def test_what_takes_its_place_has_to_be_another_page_on_the_site(successor, story):
    article = second(story)
    story.draft(title="A draft")
    given = article.slug if successor == "itself" else successor
    refused = send("ingrid", article, "retire", successor=given)
    assert refused.status_code == (403 if successor == "itself" else 422)
    assert current(article).status == "live"
    assert not Article.objects.exclude(retired_at=None).exists()


def test_a_new_version_brings_a_retired_article_back(story):
    article = ended(story, story.published(), "retired")
    article = revised(story, article, "update", replace=("130 mm Hg", "125 mm Hg"))
    round = round_of(story, article, "claire", "ravi")
    story.sign(round, "claire")
    story.confirm(story.sign(round, "ravi"))
    article = Article.objects.get()
    assert (current(article).status, article.retired_at, article.successor) == ("live", None, None)
    assert "No longer maintained" not in read(article).text


def test_a_version_that_waits_for_its_day_goes_with_the_article(story):
    article = bare.revise(story.published(), actor=story.people["nora"], now=story.tick(), reason="News.")
    Article.objects.update(publish_not_before=story.now + timedelta(days=9), short_answer="New.")
    round = story.round(article=Article.objects.get(pk=article.pk))
    story.sign(round, "claire")
    story.confirm(story.sign(round, "ravi"))
    send("ingrid", article, "remove")
    workflow.publish_scheduled(article, actor=story.people["tom"], now=story.now + timedelta(days=20))
    assert sorted(Publication.objects.values_list("number", "status")) == [(1, "removed"), (2, "superseded")]


# Remove


def test_a_removed_page_answers_410_with_the_reason_and_not_a_word_of_the_text(story):
    article = second(story)
    assert send("ingrid", article, "remove").status_code == 302

    page = read(article)
    assert page.status_code == 410
    assert REASON in page.text
    assert "Ingrid Solberg" in page.text
    assert "noindex" in page.text
    for gone in (article.title, "mm Hg", "Claire Dubois", "For most adults"):
        assert gone not in page.text
    notice = Notice.objects.get()
    assert (notice.kind, notice.text) == ("removal", REASON)
    alone = Client().get(f"/notices/{notice.uuid}/").text
    assert REASON in alone
    assert article.title not in alone


def test_no_row_that_readers_have_keeps_a_word_of_any_version(story):
    article = second(story)
    send("ingrid", article, "remove")
    for row in PublicPage.objects.all():
        assert (row.title, row.short_answer, row.review_line, row.topics) == ("", "", "", [])
        assert "mm Hg" not in row.main_html
        assert article.title not in row.main_html
    assert PublicPage.objects.count() == 2
    assert PublicNotice.objects.count() == 1


def test_a_notice_that_stood_before_names_the_article_no_more(story):
    article = ended(story, second(story), "retracted")
    retraction = Notice.objects.get()
    assert article.title in Client().get(f"/notices/{retraction.uuid}/").text
    send("ingrid", article, "remove")
    assert article.title not in Client().get(f"/notices/{retraction.uuid}/").text
    assert found() == {}


def test_a_removed_article_is_over(story):
    article = ended(story, story.published(), "removed")
    panel = seats(story.people, claire="required")
    for verb in ("revise", "hold", "lift", "retract", "retire", "re_review", "remove"):
        refused = send("ingrid", article, verb, **panel)
        assert refused.status_code == 403, verb


def test_a_removal_without_a_reason_is_asked_for_one(story):
    article = second(story)
    assert send("ingrid", article, "remove", notice=" ").status_code == 422
    story.tick()
    with pytest.raises(Refused, match="Write the notice"):
        lifecycle.remove(article, actor=story.people["ingrid"], now=story.now, notice=" ", proof=story.proof("ingrid"))
    assert current(article).status == "live"


# What readers' caches keep


@pytest.mark.parametrize("how", ["on_hold", "retracted", "retired", "removed"])
def test_an_old_etag_is_never_answered_with_304(how, story):
    article = second(story)
    tag = read(article)["ETag"]
    ended(story, article, how)
    page = read(article, **{"if-none-match": tag})
    assert page.status_code == {"on_hold": 404, "retracted": 200, "retired": 200, "removed": 410}[how]
    if how in ("on_hold", "removed"):
        assert not page.has_header("ETag")
        assert "max-age=0" in page["Cache-Control"]
        assert read(article, **{"if-none-match": "*"}).status_code == page.status_code


def test_a_retired_page_has_an_etag_of_its_own(story):
    article = ended(story, second(story), "retired")
    tag = read(article)["ETag"]
    assert read(article, **{"if-none-match": tag}).status_code == 304


def test_a_withdrawn_signature_changes_the_etag(story):
    article = second(story)
    tag = read(article)["ETag"]
    void(story, article, "claire")
    assert read(article, **{"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize("verb", ["restore", "retire", "remove"])
def test_each_page_shows_what_to_know_and_its_form_works(verb, story):
    article = second(story)
    if verb == "restore":
        hold(story, article)
    values = {"retire": {"reason": "x"}, "remove": {"notice": REASON, "password": PASSWORD}}
    values["restore"] = {"reason": "x", "number": 1, "password": PASSWORD}
    assert "What to know first" in Person("ingrid").client.get(_page(article, verb)).text
    assert Person("ingrid").act(article.pk, verb, **values[verb]).status_code == 302
    event = {"restore": "restored", "retire": "retire", "remove": "remove"}[verb]
    assert AuditEvent.objects.filter(kind=f"publication.{event}").count() == 1


def _page(article: Article, verb: str) -> str:
    return f"/admin/articles/article/{article.pk}/verb/{verb}/"
