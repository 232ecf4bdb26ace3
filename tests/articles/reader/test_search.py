"""The page of search results, as a reader gets it."""

import html
import re
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import lifecycle
from articles.models import Article, PublicPage, SearchEntry
from tests.articles.reader import corpus

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

ODD = [
    "",
    " ",
    "the of and",
    "?!…",
    "\x00",
    "a\x00b",
    "'; DROP TABLE articles_searchentry; --",
    "' OR 1=1 --",
    '"',
    "'",
    "\\",
    "%",
    "_",
    "a & | ! ( ) <-> :* b",
    "NEAR(blood pressure) AND NOT (x OR y)",
    "head_words:x * ^ -",
    "blood" * 2500,
    "blood pressure " * 700,
    "😀 🩺",
    "血圧はどのくらい",
    "ضغط الدم",
    "ﬀ ½ ² ß İ",
    "1e999 0x1F 3.14 10% 130/80",
    "\u202e\u2028\ufeff",
    "é" * 100,
    "<script>alert(1)</script>",
]


def results(page) -> list[str]:
    """The titles of a page of results, in order."""
    found = re.findall(r'<h2 class="listing__title"><a href="[^"]*">(.*?)</a></h2>', page.text)
    return [html.unescape(re.sub("<[^>]+>", "", title)) for title in found]


def search(**asked: str):
    return Client().get("/search/", asked)


def texts(count: int) -> list[dict]:
    pattern = {"short_answer": "Measure it twice.", "topics": ["Hypertension"], "clinician": "## Key points\n\nCuff."}
    return [{**pattern, "slug": f"bp-{n}", "title": f"Is blood pressure number {n} high?"} for n in range(count)]


def test_a_result_says_who_reviewed_it_when_and_what_it_is_about(story):
    corpus.publish(story)
    page = search(q="statin after MI")
    first = re.search(
        r'<li class="listing__item">.*?</li>\s*(?=<li class="listing__item">|</ol>)', page.text, re.DOTALL
    )

    assert results(page)[0] == "Which statin dose should be given after a heart attack?"
    assert 'href="/articles/statins-after-heart-attack/"' in first.group()
    assert "Medically reviewed by Claire" in first.group()
    assert "2 March 2026" in first.group()
    assert "Cardiovascular prevention" in first.group()
    assert "<mark>after a heart attack</mark>" in first.group()


def test_results_are_never_listed_by_search_engines_nor_kept_by_caches(story):
    for path in ("/search/?q=x", "/ask/?q=x"):
        page = Client().get(path)
        assert '<meta name="robots" content="noindex">' in page.text
        assert page["Cache-Control"] == "private, no-store"
        assert not page.cookies


def test_choices_narrow_the_results_and_lead_back(story):
    corpus.publish(story)
    page = search(q="metformin", topic="imaging")
    assert results(page) == ["Must metformin be stopped before a scan with contrast?"]
    assert 'aria-current="true">Imaging' in page.text
    assert 'href="/search/?q=metformin"' in page.text


def test_who_asks_for_one_audience_gets_its_texts(story):
    corpus.publish(story)
    page = search(q="rinse my mouth after the inhaler", **{"for": "patient"})
    assert "<mark>Rinse</mark> your <mark>mouth</mark>" in page.text
    assert 'href="/articles/asthma-reliever/?for=patient"' in page.text
    assert results(search(q="rinse my mouth after the inhaler", **{"for": "student"})) == []


def test_freshness_is_a_choice_and_an_overdue_review_is_said(story):
    corpus.publish(story)
    today = timezone.localdate()
    PublicPage.objects.update(last_reviewed=today - timedelta(days=500), next_review_due=date(2199, 1, 1))
    PublicPage.objects.filter(slug="metformin-start").update(last_reviewed=today)
    PublicPage.objects.filter(slug="metformin-contrast").update(next_review_due=date(2026, 3, 1))

    assert results(search(q="metformin", fresh="year")) == ["How should metformin be started in type 2 diabetes?"]
    page = search(q="metformin", fresh="overdue")
    assert results(page) == ["Must metformin be stopped before a scan with contrast?"]
    assert "review overdue since 1 March 2026" in page.text


def test_nothing_found_says_what_to_do(story):
    corpus.publish(story)
    page = search(q="zebra stripes")
    assert "No published article speaks of this." in page.text
    assert 'href="/ask/?q=zebra+stripes"' in page.text
    assert "No article fits this choice." in search(q="metformin", topic="nowhere").text


def test_a_mistyped_word_is_looked_for_as_it_was_meant_and_said(story):
    corpus.publish(story)
    page = search(q="asprin to prevent heart attack")
    assert "<strong>aspirin to prevent heart attack</strong>" in page.text
    assert results(page)[0] == "Should healthy people take aspirin to prevent a first heart attack?"


def test_whatever_is_typed_is_answered_in_words(story):
    corpus.publish(story)
    names = ("q", "topic", "for", "fresh", "page", "from")
    for q in ODD:
        for path in ("/search/", "/search/suggest", "/ask/"):
            page = Client().get(f"{path}?" + "&".join(f"{name}={quote(q)}" for name in names))
            assert page.status_code == 200, (path, q)
            assert "<script>alert" not in page.text
    assert SearchEntry.objects.exists()


def test_what_was_typed_is_shown_and_never_run(story):
    page = search(q='"><script>alert(1)</script><img src=x onerror=alert(1)>')
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "<script>alert" not in page.text
    assert "<img" not in page.text


def test_markup_in_a_text_stays_text_in_the_snippet(story):
    story.published(title="Is <b>bold</b> & “blood” <script>alert(1)</script> safe?")
    page = search(q="bold blood pressure script")
    assert "&lt;<mark>script</mark>&gt;alert(1)" in page.text
    assert "<b>" not in page.text


def test_a_page_beyond_the_last_is_the_last(story):
    corpus.add(corpus.pattern(story), texts(23))
    assert len(results(search(q="blood pressure"))) == 10
    assert len(results(search(q="blood pressure", page="3"))) == 3
    for page in ("99", "-1", "0", "x", "9" * 50, "٣"):
        assert len(results(search(q="blood pressure", page=page))) in (3, 10)


@pytest.mark.parametrize(("path", "most"), [("/search/?q=", 4), ("/search/suggest?q=", 4), ("/ask/?q=", 4)])
def test_one_article_or_thirty_take_as_many_queries(story, path, most):
    pattern, taken, made = corpus.pattern(story), [], 0
    for count in (1, 3, 30):
        corpus.add(pattern, texts(30)[made:count])
        made = count
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(f"{path}high+blood+pressure+cuff").status_code == 200
        taken.append(len(queries))
    assert len(set(taken)) == 1
    assert taken[0] <= most


def gone_after(article, story, how: str) -> None:
    ingrid = story.people["ingrid"]
    story.tick()
    proof = story.proof("ingrid")
    if how == "hold":
        lifecycle.hold(article, actor=ingrid, now=story.now, reason="A doubt about a dose.", proof=proof)
    elif how == "retract":
        lifecycle.retract(article, actor=ingrid, now=story.now, notice="Withdrawn data.", proof=proof)
    elif how == "remove":
        lifecycle.remove(article, actor=ingrid, now=story.now, notice="A court's order.", proof=proof)
    else:
        lifecycle.retire(article, actor=ingrid, now=story.now, reason="Not kept up any more.")


@pytest.mark.parametrize("how", ["hold", "retract", "remove", "retire"])
def test_what_isnt_live_any_more_is_found_nowhere_at_once(story, how):
    article = story.published(title="Does quinine help cramps?")
    paths = ["/search/?q=quinine", "/search/suggest?q=quin", "/search/suggest?q=quinin", "/ask/?q=quinine+help+cramps"]
    for path in paths:
        assert "Does quinine help cramps?" in html.unescape(re.sub("</?mark>", "", Client().get(path).text)), path
    gone_after(article, story, how)

    assert not SearchEntry.objects.exists()
    for path in paths:
        assert "Does quinine help" not in re.sub("</?mark>", "", Client().get(path).text), path


def test_only_the_newest_version_is_found_and_no_draft(story):
    article = story.published(title="Does quinine help cramps?")
    story.revised(article, ("prevented heart attacks", "prevented zymosis"))
    assert results(search(q="zymosis")) == []
    round = story.round(article=Article.objects.get(pk=article.pk))
    assert results(search(q="zymosis")) == []
    story.sign(round, "claire")
    story.sign(round, "ravi")

    assert results(search(q="zymosis")) == ["Does quinine help cramps?"]
    assert set(SearchEntry.objects.values_list("page__number", flat=True)) == {2}


@pytest.mark.parametrize("stage", ["draft", "round"])
def test_a_canary_in_an_unpublished_text_is_found_nowhere(story, stage):
    story.published()
    getattr(story, stage)(title="Is xylocanary dangerous?")
    for path in (
        *(f"/search/{rest}" for rest in ("?q=xylocanary", "suggest?q=xylo")),
        "/ask/?q=is+xylocanary+dangerous",
    ):
        assert "Is xylocanary" not in re.sub("</?mark>", "", Client().get(path).text)
