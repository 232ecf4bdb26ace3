"""Follow-up questions: passages of live articles, word for word, or that there is no answer."""

import re
from datetime import date

import pytest
from django.test import Client

from articles.models import PublicPage, SearchEntry
from tests.articles.reader import corpus

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

EMERGENCY = "If this may be an emergency, call your local emergency number."


def ask(**asked: str) -> str:
    return Client().get("/ask/", asked).text


def titles(page: str) -> list[str]:
    return re.findall(r'<h2 class="passage__title"><a href="/articles/([^/]+)/', page)


def test_an_answer_is_a_passage_with_its_article_section_reviewers_and_sources(story):
    corpus.publish(story)
    page = ask(q="what can I do about the cough from ramipril?")

    assert titles(page)[0] == "ace-inhibitor-cough"
    assert 'href="/articles/ace-inhibitor-cough/?for=clinician#clinician-s1">From the guidelines</a>' in page
    assert "when an ACE inhibitor such as ramipril or lisinopril isn't tolerated" in page
    assert 'href="/articles/ace-inhibitor-cough/?for=clinician#clinician-ref-1"' in page
    assert "2025 AHA/ACC high blood pressure guideline" in page
    assert "Medically reviewed by Claire" in page


def test_every_sentence_of_an_answer_stands_in_a_published_article(story):
    corpus.publish(story)
    page = ask(q="how long should blood thinners be taken for a clot in the leg")
    shown = re.findall(r'<div class="prose passage__text">(.*?)</div>\s*<p class="listing__meta">', page, re.DOTALL)
    assert shown
    assert set(shown) <= set(SearchEntry.objects.values_list("html", flat=True))


@pytest.mark.parametrize("q", ["", "blood pressure target", "zebra stripes", "the of and"])
def test_the_emergency_line_comes_before_anything_else(story, q):
    corpus.publish(story)
    main = ask(q=q).split('<main class="wrap page" id="main" tabindex="-1">')[1]
    assert main.index(EMERGENCY) < main.index("<h1")


def test_without_an_answer_it_says_so_and_offers_the_editors(story):
    corpus.publish(story)
    page = ask(q="how do I treat a sprained ankle", **{"from": "gout-allopurinol"})
    assert "No published article answers this." in page
    assert titles(page) == []
    assert 'href="/ask/send/?q=how+do+I+treat+a+sprained+ankle&amp;from=gout-allopurinol"' in page


def test_with_an_answer_too_the_editors_are_one_step_away_and_nothing_was_stored(story):
    corpus.publish(story)
    page = ask(q="metformin before a CT scan")
    assert 'href="/ask/send/?q=metformin+before+a+CT+scan"' in page
    assert "Nothing of your question is stored unless you send it." in page


def test_the_article_being_read_answers_first_where_it_answers_as_well(story):
    corpus.publish(story)
    for slug in ("metformin-start", "metformin-contrast"):
        assert titles(ask(q="what about metformin", **{"from": slug}))[0] == slug


def test_an_address_it_is_asked_from_that_is_none_is_passed_over(story):
    page = ask(q="x", **{"from": '"><script>alert(1)</script>'})
    assert "alert(1)" not in page
    assert "Back to the article" not in page


def test_an_overdue_review_is_said_beside_the_passage(story):
    corpus.publish(story)
    PublicPage.objects.update(next_review_due=date(2026, 3, 1))
    assert "review overdue since 1 March 2026" in ask(q="metformin before a CT scan")


def test_a_passage_brings_no_anchor_of_its_own_to_the_page(story):
    corpus.publish(story)
    for html in SearchEntry.objects.values_list("html", flat=True):
        assert " id=" not in html
        assert 'href="#' not in html


def test_an_article_has_a_box_for_a_follow_up_question(story):
    slug = story.published().slug
    page = Client().get(f"/articles/{slug}/").text
    assert f'<input type="hidden" name="from" value="{slug}">' in page


def test_markup_in_a_short_answer_stays_text(story):
    text = {**corpus.articles()[0], "short_answer": "Below 130 <script>alert(1)</script> & “well” tolerated."}
    corpus.add(corpus.pattern(story), [text])
    page = ask(q="how low should blood pressure be")
    assert "<script>alert" not in page
    assert "Below 130 &lt;script&gt;alert(1)&lt;/script&gt; &amp;" in page
