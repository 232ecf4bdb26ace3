"""A source that was retracted isn't cited by a second entry of it in the library."""

import pytest

from articles.models import Citation, Reference
from tests.desk import Person
from tests.story import REFERENCES

SPRINT = REFERENCES["sprint"]


def twin(**values) -> Reference:
    given = {"kind": "research", "title": "Another entry", "status": "retracted", **values}
    return Reference.objects.create(**given)


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ["doi", "pmid"])
@pytest.mark.parametrize("status", ["retracted", "withdrawn"])
def test_nothing_is_submitted_that_cites_another_entry_of_a_retracted_source(story, name, status):
    article = story.draft()
    twin(**{name: SPRINT[name], "status": status})
    refused = Person("nora").act(article.pk, "submit")
    assert refused.status_code == 403
    assert status in refused.text


@pytest.mark.parametrize("stored", [True, False])
def test_what_stands_beside_the_text_says_so_while_it_is_written(story, stored):
    article, nora = story.draft(), Person("nora")
    twin(doi=SPRINT["doi"])
    url = f"/admin/articles/article/{article.pk}/"
    sent = nora.fields(f"{url}change/", having="edit_stamp")
    answer = nora.client.get(f"{url}change/") if stored else nora.client.post(f"{url}live/", sent)
    assert answer.status_code == 200
    assert "was retracted" in answer.text


def test_an_entry_that_is_retracted_during_review_keeps_the_text_from_readers(story):
    round = story.round()
    for name in ("claire", "ravi"):
        story.sign(round, name)
    twin(doi=SPRINT["doi"])
    refused = Person("tom").act(round.article_id, "confirm", password="correct horse battery")
    assert refused.status_code == 403
    assert "retracted" in refused.text


@pytest.mark.sqlite
@pytest.mark.parametrize("values", [{}, {"doi": "10.1000/other"}, {"doi": SPRINT["doi"], "status": "corrected"}])
def test_other_entries_keep_nothing_back(story, values):
    article = story.draft()
    Reference.objects.filter(doi=SPRINT["doi"]).update(pmid="")
    twin(**values)
    assert Person("nora").act(article.pk, "submit").status_code == 302


@pytest.mark.sqlite
def test_one_cited_because_it_was_retracted_may_stand(story):
    article = story.draft()
    twin(doi=SPRINT["doi"])
    Citation.objects.filter(key="sprint").update(cited_because_retracted=True, rationale="It is about the fraud.")
    assert Person("nora").act(article.pk, "submit").status_code == 302
