"""Any two texts of an article, word by word, for whoever may read both."""

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import workflow as bare
from articles.models import Article
from reviews import workflow
from reviews.models import ReviewAssignment, ReviewRound
from tests.desk import Person


def address(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/compare/"


def page(person: Person, article: Article, before: str = "", after: str = "", status: int = 200) -> str:
    answer = person.client.get(address(article), {"from": before, "to": after})
    assert answer.status_code == status
    return answer.text


def texts(text: str) -> list[str]:
    """What the second selector offers."""
    return [html.unescape(label) for label in re.findall(r"<option[^>]*>([^<]*)", text.split('name="to"')[1])]


@pytest.fixture
def revised(story) -> Article:
    """Version 1 is live; a revision went to the board, came back and was edited again."""
    live = story.published()
    article = story.submitted(story.revised(live, ("below 130", "below 125")))
    round = _again(story, article)
    workflow.request_changes(round.article, actor=story.people["tom"], now=story.tick(), reason="The dose.")
    return story.edit(Article.objects.get(pk=article.pk), ("below 125", "below 120"))


def _again(story, article: Article) -> ReviewRound:
    specialty = {"specialty": article.specialty, "handling_editor": story.people["tom"], "risk_tier": "standard"}
    bare.triage(article, actor=story.people["tom"], now=story.tick(), **specialty)
    members = [story.people[name].board_member for name in ("claire", "ravi")]
    return workflow.open_round(article, actor=story.people["tom"], now=story.tick(), members=members)


def test_each_version_each_round_and_the_draft_can_be_chosen(story, revised):
    assert texts(page(Person("tom"), revised)) == [
        "The draft as it stands now",
        "Review round 2, 2 March 2026",
        "Version 1, 2 March 2026",
        "Review round 1, 2 March 2026",
    ]


@pytest.mark.parametrize("name", ["nora", "tom", "ingrid"])
@pytest.mark.parametrize(
    ("before", "after", "gone", "come"),
    [("v1", "now", "130", "120"), ("r2", "now", "125", "120"), ("now", "r1", "120", "130"), ("r1", "r2", "130", "125")],
)
def test_any_two_are_shown_word_by_word(revised, name, before, after, gone, come):
    text = page(Person(name), revised, before, after)
    assert f"[removed: </span>{gone}<" in text
    assert f"[added: </span>{come}<" in text


def test_without_a_choice_the_newest_is_held_against_the_last_version(revised):
    text = page(Person("tom"), revised)
    assert '<option value="v1" selected>' in text
    assert '<option value="now" selected>' in text
    assert "[removed: </span>130<" in text


def test_equal_texts_under_two_names_differ_in_no_word(revised):
    assert "No word differs." in page(Person("tom"), revised, "r1", "v1")


@pytest.mark.parametrize("name", ["v9", "r0", "x", "v1'", "../..", "ｖ1", "9" * 400])
def test_a_text_that_isnt_there_is_said_and_others_are_offered(revised, name):
    for before, after in ((name, "now"), ("v1", name)):
        text = page(Person("tom"), revised, before, after, status=404)
        assert "There is no such text, or it isn" in text
        assert "Version 1, 2 March 2026" in text


def test_the_same_text_on_both_sides_is_said(revised):
    assert "the same text on both sides" in page(Person("tom"), revised, "v1", "v1")


def test_a_round_that_kept_no_text_says_so(revised):
    ReviewRound.objects.filter(article=revised, number=1).update(snapshot="")
    assert "wasn&#x27;t kept in full" in page(Person("tom"), revised, "r1", "now")


def test_a_member_compares_what_they_may_read_and_no_draft(revised):
    """Claire sat in both rounds; Ravi gave the second seat back; Ana never sat here."""
    claire = Person("claire")
    text = page(claire, revised, "v1", "r2")
    assert texts(text) == ["Review round 2, 2 March 2026", "Version 1, 2 March 2026", "Review round 1, 2 March 2026"]
    assert "[added: </span>125<" in text
    assert "below 120" not in text
    assert "isn" in page(claire, revised, "v1", "now", status=404)
    second = ReviewAssignment.objects.filter(round__article=revised, round__number=2, member__user__username="ravi")
    second.update(state="declined")
    assert "Review round 2" not in page(Person("ravi"), revised)


def test_whoever_recused_or_never_sat_there_finds_nothing(revised):
    ReviewAssignment.objects.filter(round__number=2, member__user__username="ravi").update(state="recused")
    for name in ("ravi", "ana", "sofia"):
        answer = Person(name).client.get(address(revised))
        assert answer.status_code == 404
        assert answer.content == Person(name).client.get("/admin/articles/article/999999/compare/").content
    assert Person("stranger").client.get(address(revised)).status_code == 302


def test_after_a_removal_members_read_no_version(story, revised):
    publications = revised.publications
    publications.update(status="removed")
    assert "Version 1" not in page(Person("claire"), revised)
    assert "Version 1, 2 March 2026 (removed)" in page(Person("ingrid"), revised)


def test_the_page_of_the_revision_is_a_case_of_it(revised):
    text = Person("tom").client.get(f"/admin/articles/{revised.pk}/difference/").text
    assert f'action="{address(revised)}"' in text
    assert '<option value="v1" selected>' in text
    assert "against version 1" in text


def test_days_are_those_of_whoever_looks(story, revised):
    revised.rounds.filter(number=1).update(opened_at=story.now.replace(hour=23, minute=30))
    assert "Review round 1, 3 March 2026" in texts(page(Person("ingrid"), revised))
    assert "Review round 1, 2 March 2026" in texts(page(Person("tom"), revised))


def test_it_costs_the_same_with_many_texts(story, revised):
    tom, costs = Person("tom"), []
    first = revised.rounds.first()
    for upto in (3, 30):
        ReviewRound.objects.bulk_create(
            ReviewRound(
                article=revised,
                number=number,
                digest=first.digest,
                snapshot=first.snapshot,
                rule=first.rule,
                opened_at=first.opened_at + timedelta(hours=number),
                opened_by=first.opened_by,
                closed_at=first.closed_at,
                outcome="withdrawn",
            )
            for number in range(revised.rounds.count() + 1, upto + 1)
        )
        page(tom, revised, "v1", "now")
        with CaptureQueriesContext(connection) as queries:
            page(tom, revised, "v1", "now")
        costs.append(len(queries))
    assert len(set(costs)) == 1, costs
    assert costs[0] <= 18, costs
