from pathlib import Path

import pytest

from articles import importing, markers
from articles.models import IntakeSource
from editorial.conditions import Refused
from editorial.verbs import save

PASTED = Path(__file__).parent / "intake" / "data" / "pasted_page.txt"


@pytest.fixture
def article(people, now):
    return importing.take_in(
        PASTED.read_bytes(), name="page.txt", actor=people["nora"], author=people["nora"], now=now
    ).article


def ids(article) -> list[int]:
    return [row["id"] for row in markers.listed(article)]


def test_each_restored_citation_is_listed_with_its_words_and_its_source(article):
    rows = markers.listed(article)

    assert len(rows) == len(article.sources.get().restored)
    assert rows[0]["before"].endswith("Cochrane Library ")
    assert rows[0]["numbers"] == "1"
    assert "Guideline Directed Topic Overview" in rows[0]["refers_to"]


def test_confirming_all_changes_no_word_and_is_recorded_with_the_person(article, people, now):
    before = article.variants.get().body
    markers.confirm(article, actor=people["nora"], now=now, kept=set(ids(article)))

    assert article.variants.get().body == before
    assert IntakeSource.objects.get().markers_confirmed_by == people["nora"]
    assert markers.listed(article) == []


def test_what_stays_unticked_goes_back_to_plain_numbers(article, people, now):
    others = ids(article)[1:]
    markers.confirm(article, actor=people["nora"], now=now, kept=set(others))

    body = article.variants.get().body
    assert "Cochrane Library 1, suggests" in body
    assert "Neurology [@ref1] also" in body


def test_an_edit_in_between_is_refused_and_nothing_is_confirmed(article, people, now):
    variant = article.variants.get()
    variant.body = variant.body.replace("Cochrane Library [@ref1]", "Cochrane Library")
    save(variant, actor=people["nora"])
    others = ids(article)[1:]
    with pytest.raises(Refused, match="by hand"):
        markers.confirm(article, actor=people["nora"], now=now, kept=set(others))

    assert IntakeSource.objects.get().markers_confirmed_at is None
