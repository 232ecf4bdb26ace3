"""Over HTTP: a save that came second is refused with both texts kept, and goes over the first only when asked to."""

import re

import pytest

from articles.models import Article, Citation, DraftText, Reference
from tests.articles.test_admin import EDIT, change_url
from tests.desk import Person
from tests.forms import fields_of

THEIRS, MINE = "Tom wrote this sentence.", "Lena wrote that sentence."


@pytest.fixture
def lena() -> Person:
    return Person("lena")


def both_save(article: Article, lena: Person, theirs: dict, mine: dict):
    """Tom saves while Lena's form is open; then Lena sends hers. What Lena sent, and the answer."""
    form = {**lena.fields(change_url(article), having=EDIT), **mine}
    assert Person("tom").fill(change_url(article), having=EDIT, **theirs).status_code == 302
    return form, lena.client.post(change_url(article), form)


def stamp_on(page) -> str:
    return re.search(r'name="_keep_mine" value="([^"]+)"', page.text).group(1)


def keeps_mine(lena: Person, article: Article, page):
    """Press the button that saves the form as the page has it now, over what the page showed."""
    form = fields_of(page.text, having=EDIT)  # it was answered to a POST, so it can't be fetched again
    return lena.client.post(change_url(article), {**form, "_keep_mine": stamp_on(page)})


def test_both_texts_are_shown_side_by_side_and_both_are_kept(story, lena):
    article = story.draft()
    body = article.variants.get().body
    theirs, mine = ({"variants-0-body": f"{body}\n{words}\n"} for words in (THEIRS, MINE))
    _form, page = both_save(article, lena, theirs, mine)

    assert page.status_code == 200
    assert "Not saved: Tom Okafor saved this article after you opened it." in page.text
    assert "Saved by Tom Okafor" in page.text
    conflict = page.text.split('class="card conflict stack"')[1].split("</section>")[0]
    saved, yours = (re.findall(r"<mark.*?</span>(.*?)<span", side) for side in conflict.split("Yours</h4>"))
    assert (saved, yours) == (["Tom", "this"], ["Lena", "that"])
    assert THEIRS in article.variants.get().body
    assert MINE in DraftText.objects.get(user__username="lena").data["variants-0-body"][0]


def test_mine_goes_over_theirs_only_with_the_second_button(story, lena):
    article = story.draft()
    form, page = both_save(article, lena, {"short_answer": THEIRS}, {"short_answer": MINE})
    for again in (form, fields_of(page.text, having=EDIT)):
        assert "Not saved" in lena.client.post(change_url(article), again).text
    assert Article.objects.get().short_answer == THEIRS

    saved = keeps_mine(lena, article, page)

    assert (saved.status_code, saved["Location"]) == (302, change_url(article))
    assert Article.objects.get().short_answer == MINE
    assert [row.short_answer for row in Article.objects.get().history.all()[:2]] == [MINE, THEIRS]
    assert DraftText.objects.count() == 0


def test_a_third_save_in_between_is_refused_again(story, lena):
    article = story.draft()
    _form, page = both_save(article, lena, {"short_answer": THEIRS}, {"short_answer": MINE})
    assert Person("ingrid").fill(change_url(article), having=EDIT, short_answer="Ingrid's.").status_code == 302
    refused = keeps_mine(lena, article, page)
    assert "Saved by Ingrid" in refused.text
    assert Article.objects.get().short_answer == "Ingrid's."
    assert keeps_mine(lena, article, refused).status_code == 302
    assert Article.objects.get().short_answer == MINE


def test_taking_theirs_still_offers_mine(story, lena):
    article = story.draft()
    both_save(article, lena, {"short_answer": THEIRS}, {"short_answer": MINE})
    page = lena.client.get(change_url(article))
    assert THEIRS in page.text
    assert MINE not in page.text
    assert MINE in lena.client.post(change_url(article), {"_take_up": "1"}).text


def test_rows_that_somebody_removed_or_added_lose_no_word_of_mine(story, lena):
    """The framework shows as many rows as are stored, so a row of mine would vanish with one that is gone."""
    article = story.draft()
    rows = {row.key: row for row in article.citations.all()}
    new = Reference.objects.create(kind="research", title="A new trial", doi="10.1000/new", year=2024)
    theirs = {
        "citations-0-DELETE": "on",
        "citations-TOTAL_FORMS": "3",
        "citations-2-key": "new2024",
        "citations-2-reference": new.pk,
        "citations-2-article": article.pk,
    }
    mine = {"citations-0-supporting_quote": "My quote one.", "citations-1-supporting_quote": "My quote two."}
    _form, page = both_save(article, lena, theirs, mine)
    assert sorted(article.citations.values_list("key", flat=True)) == sorted([*list(rows)[1:], "new2024"])
    assert "My quote one." in page.text
    assert "My quote two." in page.text

    assert keeps_mine(lena, article, page).status_code == 302

    kept = {row.key: row.supporting_quote for row in Citation.objects.filter(article=article)}
    assert kept == dict(zip(rows, ("My quote one.", "My quote two."), strict=True))
    assert Citation.history.filter(key="new2024", history_type="-").exists()


def test_what_no_reader_sees_counts_as_a_difference_too(story, lena):
    article = story.draft()
    _form, page = both_save(article, lena, {"products": "Tomol"}, {"products": "Lenol"})
    conflict = page.text.split('class="card conflict stack"')[1].split("</section>")[0]
    assert "Products" in conflict
    assert "Tomol" in conflict
    assert "Lenol" in conflict


def test_a_moved_day_of_publication_counts_as_a_difference_too(story, lena):
    article = story.draft()
    theirs = {"publish_not_before_0": "2031-05-01", "publish_not_before_1": "09:00"}
    mine = {"publish_not_before_0": "2032-06-02", "publish_not_before_1": "10:00"}
    _form, page = both_save(article, lena, theirs, mine)
    conflict = page.text.split('class="card conflict stack"')[1].split("</section>")[0]
    assert "Publish not before" in conflict
    assert "Both texts are the same." not in conflict
    assert "2031" in conflict
    assert "2032" in conflict


def test_words_in_a_row_that_has_no_key_yet_are_kept_in_a_conflict(story, lena):
    article = story.draft()
    row = {"citations-2-supporting_quote": "A word for word quote.", "citations-TOTAL_FORMS": "3"}
    _form, page = both_save(article, lena, {"short_answer": "Theirs."}, {"short_answer": MINE, **row})
    assert "A word for word quote." in page.text.split('id="article_form"')[1]
    assert "A word for word quote." in str(DraftText.objects.get(user__username="lena").data)


def test_an_author_learns_no_name_by_a_number(story):
    article = story.draft()
    people = {"authors": [str(user.pk) for user in story.people.values()]}
    _form, page = both_save(article, Person("nora"), {"short_answer": "Theirs."}, {"short_answer": MINE, **people})
    assert 'class="card conflict stack"' in page.text
    assert "Claire Dubois" not in page.text


def test_a_made_up_stamp_saves_nothing(story, lena):
    article = story.draft()
    form = {**lena.fields(change_url(article), having=EDIT), "short_answer": MINE}
    for stamp in ("", "9.9.9.9", "\x00"):
        answer = lena.client.post(change_url(article), {**form, "edit_stamp": "0", "_keep_mine": stamp})
        assert answer.status_code == 200
    assert Article.objects.get().short_answer == article.short_answer
