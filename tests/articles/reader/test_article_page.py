"""What the article's page has around its text, from the title down to how to cite it."""

import re

from django.conf import settings
from django.test import Client

from articles import preview
from articles.models import AudienceVariant, Citation, Reference
from editorial.verbs import save, work
from tests.articles.reader.test_versions import get
from tests.articles.test_ending import ended, second
from tests.story import BODY


def two_audiences(story):
    article = story.draft()
    patient = BODY.replace("A target below", "Aim for less than; a target below")
    with work(actor=story.people["nora"], now=story.tick()):
        save(AudienceVariant(article=article, audience="patient", body=patient), actor=story.people["nora"])
    round = story.round(article=article)
    story.sign(round, "claire")
    return story.confirm(story.sign(round, "ravi"))


def test_it_comes_in_the_order_of_what_a_worried_reader_asks_first(story):
    text = get(second(story)).text
    order = (
        *("<h1", "Medically reviewed by", "Written by", "stepper", "Approved by our medical board"),
        *("For education only", "Last updated", "How this was reviewed", 'id="short-answer"', "Written for health"),
        *("section--guideline", "section--research", 'id="references"', 'id="disclaimer"'),
        *("Ask a follow-up question", "Report an error", "Cite this article"),
    )
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_the_review_line_leads_to_the_people_and_to_the_history(story):
    article = second(story)
    text = get(article).text
    assert '<a href="/board/claire-dubois/"><strong>Claire Dubois, MD</strong>' in text
    assert 'id="people"' in text
    assert f'<a href="/articles/{article.slug}/history/">version 2 and its history</a>' in text


def test_a_page_for_one_audience_says_for_whom_it_is_written(story):
    assert '<p class="written-for">Written for health professionals</p>' in get(story.published()).text


def test_each_audience_has_an_address_and_search_engines_get_one(story):
    article = two_audiences(story)
    usual, patient = get(article).text, get(article, "?for=patient").text
    canonical = f'<link rel="canonical" href="{settings.PUBLIC_URL}/articles/{article.slug}/">'
    for text in (usual, patient):
        assert canonical in text
        assert "Which best describes you?" in text
        assert "written-for" not in text
    assert '<a href="?for=patient" aria-current="true">' in patient
    assert "Professional medical disclaimer" in usual
    assert "Talk to your doctor" in patient
    assert "Aim for less than" in get(article, "v/1/?for=patient").text


def test_sections_say_what_they_are_and_how_sure_it_is(story):
    text = get(story.published()).text
    assert '<section class="section section--guideline"' in text
    assert "Certainty of evidence: moderate · Strength of recommendation: strong" in text


def test_each_citation_leads_to_its_reference_and_back(story):
    text = get(story.published()).text
    for number, title in ((1, "2025 AHA/ACC"), (2, "A Randomized Trial")):
        assert f'<a href="#clinician-ref-{number}" id="clinician-cite-{number}-1" aria-label="Reference' in text
        entry = text.split(f'id="clinician-ref-{number}"')[1].split("</li>")[0]
        assert title in entry
        assert f'<a class="references__close" href="#clinician-cite-{number}-1">Back to the text</a>' in entry
    assert re.findall(r"<h3>(\w+)</h3>", text) == ["Guideline", "Research"]


def test_a_source_cited_although_it_was_retracted_says_so_and_why(story):
    article = story.draft()
    Reference.objects.filter(citations__key="sprint").update(status="retracted")
    Citation.objects.filter(key="sprint").update(cited_because_retracted=True, rationale="It began the debate.")
    round = story.round(article=article)
    story.sign(round, "claire")
    text = get(story.confirm(story.sign(round, "ravi"))).text
    assert text.count('<span class="badge badge--bad">Retracted</span>') == 1
    assert "Cited although it was retracted: It began the debate." in text


def test_it_is_cited_at_the_address_of_this_very_version(story):
    article = second(story)
    for rest, number in (("", 2), ("v/1/", 1)):
        cite = get(article, rest).text.split('id="cite-text"')[1].split("</p>")[0]
        assert f"Version {number}." in cite
        assert f'href="{settings.PUBLIC_URL}/articles/{article.slug}/v/{number}/"' in cite
    assert "RETRACTED:" in get(ended(story, article, "retracted")).text.split('id="cite-text"')[1].split("</p>")[0]


def test_a_reader_can_ask_and_report_with_plain_forms_and_links(story):
    article = story.published()
    text = get(article).text
    assert '<form class="ask-box" action="/ask/" method="get">' in text
    assert 'name="q"' in text
    assert f'<a href="/articles/{article.slug}/report/">Report an error</a>' in text
    retracted = get(ended(story, article, "retracted")).text
    assert "ask-box" not in retracted
    assert "Report an error" in retracted


def test_a_preview_offers_nothing_that_needs_a_page_on_the_site(story):
    main, _audiences = preview.of(story.draft())
    for absent in ("ask-box", "Report an error", "its history", "/v/1/"):
        assert absent not in main


def test_a_page_weighs_little_and_asks_no_third_party(story):
    text = Client().get(f"/articles/{second(story).slug}/").text
    for address in re.findall(r'<(?:link|script|img)[^>]+(?:href|src)="([^"]+)"', text):
        assert address.startswith(("/static/", "/feeds/", settings.PUBLIC_URL)), address
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*src=)(?![^>]*ld\+json)", text)
