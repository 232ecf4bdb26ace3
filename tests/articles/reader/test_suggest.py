"""What the search box suggests while somebody types."""

import pytest
from django.test import Client

from tests.articles.reader import corpus

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def published(story):
    corpus.publish(story)


def suggested(q: str) -> list[str]:
    return [each["url"].split("/")[2] for each in Client().get("/search/suggest", {"q": q}).json()["suggestions"]]


def test_each_word_that_is_typed_begins_a_word_of_the_title():
    assert suggested("metf") == ["metformin-start", "metformin-contrast"]
    assert suggested("contr metf")[0] == "metformin-contrast"
    assert "blood-pressure-at-home" in suggested("how should blood pr")


def test_few_titles_are_filled_up_with_what_search_finds():
    assert suggested("tickly cough")[0] == "ace-inhibitor-cough"
    assert suggested("MI statin")[0] == "statins-after-heart-attack"


def test_a_typing_error_says_what_was_probably_meant():
    answer = Client().get("/search/suggest", {"q": "asprin heart attack"}).json()
    assert answer["meant"] == "aspirin heart attack"
    assert answer["suggestions"][0]["url"] == "/articles/aspirin-primary-prevention/"


def test_one_letter_suggests_nothing_and_never_more_than_six():
    assert suggested("m") == []
    assert suggested("%") == suggested("__") == []
    assert len(suggested("ho")) == 6
