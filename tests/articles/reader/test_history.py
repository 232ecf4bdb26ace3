"""An article's history: each version with who signed it and what changed, word by word."""

import re

import pytest
from django.test import Client

from articles.models import Publication, PublicPage
from articles.projection import history
from reviews import objections
from reviews.states import VerdictKind
from tests.articles.reader.test_versions import get
from tests.articles.test_ending import ended, second
from tests.many import copied
from tests.reviews.later import revised, round_of, typographic


@pytest.mark.sqlite
def test_each_version_says_what_changed_who_signed_it_and_when(story):
    article = second(story)
    page = get(article, "history/")

    assert page.status_code == 200
    assert re.findall(r'<li class="version" id="v(\d)"', page.text) == ["2", "1"]
    first, newest = page.text.split('id="v1"')[1], page.text.split('id="v1"')[0]
    assert "First version" in first
    assert "Replaced" in first
    assert "changes/" not in first
    for said in ("New evidence or conclusions", "On the site", "A slip of the pen.", "Unchanged", "2 March 2026"):
        assert said in newest
    assert "Approved by 2 of 2 reviewers" in newest
    assert "Claire Dubois, MD (reviewer)" in newest
    assert "(editor, confirmed it)" in newest
    assert f'/articles/{article.slug}/v/2/changes/">What version 2 changed' in newest


def test_an_objection_that_ended_is_counted_with_the_version_it_was_raised_about():
    verdicts = {"approve": 2, "approve_with_suggestions": 1, "safety_objection": 1}
    assert history.decision({"verdicts": verdicts, "objections": 1}) == (
        "Approved by 3 of 4 reviewers, 1 recorded objection"
    )
    assert history.decision({"verdicts": verdicts}) == "Approved by 3 of 4 reviewers, 1 recorded objection"
    assert history.decision({"verdicts": {"approve": 2, "changes_needed": 1, "abstain": 1}}) == (
        "Approved by 2 of 4 reviewers, 1 asked for changes, 1 abstained"
    )
    assert history.decision({"verdicts": {"approve": 1}}) == "Approved by 1 of 1 reviewer"
    assert history.decision({}) == ""


def test_a_publication_counts_the_objections_of_its_own_round(story):
    round = story.round("claire", "ravi", "sofia")
    story.sign(round, "sofia", VerdictKind.SAFETY_OBJECTION, "It could kill.")
    objection = round.article.objections.get()
    story.tick()
    values = {"objection": objection, "reason": "I was wrong.", "proof": story.proof("sofia")}
    objections.withdraw_objection(round.article, actor=story.people["sofia"], now=story.now, **values)
    story.sign(round, "claire")
    story.confirm(story.sign(round, "ravi"))
    evidence = Publication.objects.get().evidence
    assert (evidence["objections"], evidence["objections_ended"]) == (1, 1)
    assert "1 recorded objection" in get(round.article, "history/").text


def test_a_typographic_version_says_which_one_was_reviewed(story):
    article = typographic(story, story.published())
    newest = get(article, "history/").text.split('id="v1"')[0]
    assert "Typing alone" in newest
    assert "(version 1, which this one differs from in typing alone)" in newest


def test_notices_stand_in_the_history(story):
    article = ended(story, second(story), "retracted")
    page = get(article, "history/")
    assert page.text.count(">Retraction</a>") == 2
    assert "RETRACTED:" in page.text


def test_long_histories_come_in_parts(story):
    article = story.published()
    row = PublicPage.objects.get()
    PublicPage.objects.update(number=60)
    publications = copied([Publication.objects.get()] * 45, lambda n, _row: {"number": n + 2, "status": "superseded"})

    def changed(n, _row):
        entry = row.entry_html.replace('id="v1"', f'id="v{n + 2}"')
        return {"publication_id": publications[n].pk, "number": n + 2, "is_current": False, "entry_html": entry}

    copied([row] * 45, changed)
    numbers, path = [], f"/articles/{article.slug}/history/"
    while path:
        text = Client().get(path).text
        numbers.append(len(re.findall(r'<li class="version"', text)))
        more = re.search(r'href="(\?before=\d+)"', text)
        path = f"/articles/{article.slug}/history/{more.group(1)}" if more else ""
    assert numbers == [20, 20, 6]
    for odd in ("0", "-1", "x", "1" * 40, "²", ""):
        assert Client().get(f"/articles/{article.slug}/history/", {"before": odd}).status_code == 200


# What changed


@pytest.mark.sqlite
def test_what_a_version_changed_is_marked_in_words_and_not_by_colour_alone(story):
    article = second(story)
    page = get(article, "v/2/changes/")

    assert page.status_code == 200
    assert re.search(r"<del><span[^>]*>\[removed: </span>130<span", page.text)
    assert re.search(r"<ins><span[^>]*>\[added: </span>125<span", page.text)
    assert "Version 2 of 2 March 2026, compared with version 1 of 2 March 2026." in page.text
    assert "A slip of the pen." in page.text
    assert "[@aha]" not in page.text
    assert "{.guideline" not in page.text


def test_the_first_version_has_nothing_to_compare_with(story):
    page = get(story.published(), "v/1/changes/")
    assert page.status_code == 200
    assert "This is the first version" in page.text


def test_another_grade_of_a_section_shows_although_no_word_differs(story):
    article = revised(story, story.published(), "update", replace=("certainty=moderate", "certainty=high"))
    round = round_of(story, article, "claire", "ravi")
    story.sign(round, "claire")
    article = story.confirm(story.sign(round, "ravi"))
    assert "[added: </span>high" in get(article, "v/2/changes/").text


def test_a_version_is_compared_with_the_last_one_that_readers_had(story):
    assert history.changes(Publication(number=1)) == ""


def test_prompts_of_an_ai_are_in_no_difference(story):
    article = story.published()
    article = story.revised(article, ("prevented heart attacks", "clearly prevented heart attacks"))
    article.ai_contributions.create(tool="Writer", version="3", use="Language", prompts="zq7canary prompt")
    round = story.round(article=article)
    story.sign(round, "claire")
    article = story.sign(round, "ravi")
    page = get(article, "v/2/changes/").text
    assert "Writer" in page
    assert "zq7canary" not in page
