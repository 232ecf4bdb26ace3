"""The desk shows which class a revision gets, why, and what differs; over HTTP nobody gets a lighter one."""

import pytest

from articles.models import Article
from editorial.conditions import Refused
from editorial.models import User
from reviews import workflow
from reviews.demo.cast import PASSWORD
from tests.articles.test_proposals import COMMA, DOSE, EDITS, GRADE, WORD, live, submit
from tests.desk import Person

__all__ = ["live"]

WHO_SUBMITS = ("nora", "tom", "ingrid")


@pytest.mark.parametrize(
    ("floor", "choice"), [("correction", "typographic"), ("update", "typographic"), ("update", "correction")]
)
def test_the_desk_refuses_a_lighter_class_from_anyone(story, live, floor, choice):
    article = story.revised(live, EDITS[floor])
    for somebody in map(Person, WHO_SUBMITS):
        refused = somebody.act(article.pk, "submit", change_class=choice)
        assert refused.status_code == 422
        assert "is too light for this change." in refused.text
        assert somebody.force(article, "submit", change_class="urgent").status_code == 422
        assert Article.objects.get().state == "draft"


def test_outsiders_find_neither_the_form_nor_the_difference(story, live):
    article = story.revised(live, WORD)
    User.objects.create_superuser("root", password=PASSWORD)
    for somebody in map(Person, ("claire", "ana", "root")):
        assert somebody.force(article, "submit", change_class="typographic").status_code == 404
        difference = somebody.client.get(f"/admin/articles/{article.pk}/difference/")
        assert difference.status_code == 404
        assert difference.content == somebody.client.get("/admin/articles/999999/difference/").content


def test_the_submit_page_proposes_the_lightest_class_with_its_reason_and_quorum(story, live):
    article = story.revised(live, WORD)
    nora = Person("nora")
    url = f"/admin/articles/article/{article.pk}/verb/submit/"
    page = nora.client.get(url)

    assert nora.fields(url, having="stamp")["change_class"] == ["correction"]
    assert "Correction: 1 reviewer signs, 1 in the specialty" in page.text
    assert "Update: 2 reviewers sign" in page.text
    assert 'value="typographic"' not in page.text
    assert "reduced heart attacks" in page.text
    assert nora.act(article.pk, "submit", change_class="update").status_code == 302
    assert Article.objects.get().change_class == "update"


def test_an_old_form_without_the_choice_takes_the_lightest_allowed(story, live):
    article = story.revised(live, GRADE)
    assert Person("tom").act(article.pk, "submit", change_class=None).status_code == 302
    assert Article.objects.get().change_class == "update"


def test_a_page_opened_before_the_text_grew_heavier_is_refused(story, live):
    article = story.revised(live, COMMA)
    nora = Person("nora")
    typed = nora.fields(f"/admin/articles/article/{article.pk}/verb/submit/", having="stamp")
    assert typed["change_class"] == ["typographic"]
    story.edit(article, DOSE)

    refused = nora.client.post(f"/admin/articles/article/{article.pk}/verb/submit/", typed)

    assert refused.status_code == 422
    assert "too light" in refused.text
    assert "125 mm Hg" in refused.text
    assert Article.objects.get().state == "draft"


def test_the_desk_refuses_an_unchanged_revision_and_one_without_a_note(story, live):
    article = story.revised(live, note="Nothing.")
    tom = Person("tom")
    shown = tom.client.get(f"/admin/articles/article/{article.pk}/verb/submit/").text
    assert "Nothing was changed since version 1." in shown
    refused = tom.act(article.pk, "submit")
    assert refused.status_code == 403
    assert "discard the revision" in refused.text

    story.edit(article, WORD, note="")
    refused = tom.force(article, "submit")
    assert refused.status_code == 403
    assert "Say in the change note" in refused.text
    assert Article.objects.get().state == "draft"


def test_the_first_submission_asks_for_no_class(story):
    article = story.draft()
    assert "change_class" not in Person("nora").fields(
        f"/admin/articles/article/{article.pk}/verb/submit/", having="stamp"
    )


def test_whoever_revises_sees_the_proposal_and_where_the_difference_is(story, live):
    article = story.revised(live, DOSE)
    for somebody in map(Person, WHO_SUBMITS):
        page = somebody.client.get(f"/admin/articles/article/{article.pk}/change/").text
        assert "Proposed change class: correction" in page
        assert "130 mm Hg" in page
        assert f"/admin/articles/{article.pk}/difference/" in page


def test_an_article_that_is_not_being_revised_shows_no_proposal(story, live):
    page = Person("tom").client.get(f"/admin/articles/article/{live.pk}/change/").text
    assert "Proposed change class" not in page
    assert "/difference/" not in page
    draft = story.draft(title="Another one")
    page = Person("tom").client.get(f"/admin/articles/article/{draft.pk}/change/").text
    assert "Proposed change class" not in page
    assert "/difference/" not in page


def test_a_revision_without_a_change_says_so(story, live):
    article = story.revised(live)
    page = Person("nora").client.get(f"/admin/articles/article/{article.pk}/change/").text
    assert "Nothing differs from version 1 yet" in page


def test_the_difference_is_shown_word_by_word(story, live):
    article = story.revised(live, DOSE)
    for somebody in map(Person, WHO_SUBMITS):
        page = somebody.client.get(f"/admin/articles/{article.pk}/difference/")
        assert page.status_code == 200
        assert "against version 1" in page.text
        assert "[removed: </span>130<" in page.text
        assert "[added: </span>125<" in page.text


def test_a_frozen_revision_is_shown_as_it_was_frozen(story, live):
    article = submit(story, story.revised(live, DOSE))
    article.variants.update(body="Something else.")
    page = Person("tom").client.get(f"/admin/articles/{article.pk}/difference/").text
    assert ">125<" in page
    assert "Something else" not in page


def test_without_a_version_there_is_no_difference_to_show(story):
    article = story.draft()
    page = Person("tom").client.get(f"/admin/articles/{article.pk}/difference/")
    assert page.status_code == 404
    assert "nothing to compare" in page.text


def test_markup_in_a_text_stays_text_in_the_difference(story, live):
    article = story.revised(live, ("130 mm Hg", "<script>alert(1)</script>"))
    page = Person("tom").client.get(f"/admin/articles/{article.pk}/difference/").text
    assert "<script>alert(1)" not in page
    assert "alert" in page


def test_the_note_stands_at_hand_while_revising_and_not_before(story, live):
    draft = story.draft(title="Another one")
    tom = Person("tom")
    assert "change_note" not in tom.fields(f"/admin/articles/article/{draft.pk}/change/", having="edit_stamp")
    article = story.revised(live, WORD, note="")
    url = f"/admin/articles/article/{article.pk}/change/"
    assert tom.fields(url, having="edit_stamp")["change_note"] == ""
    saved = tom.fill(url, having="edit_stamp", change_note="Clearer words.")
    assert saved.status_code == 302
    assert Article.objects.get(pk=article.pk).change_note == "Clearer words."
    assert submit(story, Article.objects.get(pk=article.pk)).change_class == "correction"


def test_the_class_stays_while_the_article_is_under_review(story, live):
    article = story.triaged(story.revised(live, WORD))
    before = article.change_class
    tom = Person("tom")
    workflow.open_round(
        article, actor=story.people["tom"], now=story.tick(), members=[story.people["claire"].board_member]
    )
    tom.force(article, "submit", change_class="typographic")
    with pytest.raises(Refused, match="Not possible while"):
        submit(story, article, "typographic")
    assert Article.objects.get().change_class == before == "correction"
