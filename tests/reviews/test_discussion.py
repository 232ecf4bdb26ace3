"""Comments on the desk: who sees which, under what name, and what each press does."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from reviews import comment_conditions, discussion
from reviews.models import ReviewComment, ReviewRound
from tests.desk import Person
from tests.reviews.test_comments import QUOTE, Talk, body_of

EVIL = '<script>alert("x")</script>'


@pytest.fixture
def round(story):
    round = story.round()
    for name in ("claire", "ravi"):
        story.declare(round, name)
    return round


@pytest.fixture
def talk(story, people, round):
    return Talk(story, people, round.article)


def review_url(story, round, who: str) -> str:
    return f"/admin/reviews/{story.seat(round, who).pk}/"


def article_url(round) -> str:
    return f"/admin/articles/article/{round.article_id}/change/"


def press(who: str, comment, verb: str, **values):
    """One press on a button of the list."""
    stamp = Article.objects.get(pk=comment.article_id).stamp
    form = {"stamp": stamp, "request_id": uuid.uuid4(), **values}
    return Person(who).client.post(f"/admin/comments/{comment.pk}/{verb}/", form)


def add(story, round, who: str = "claire", **values):
    values = {"kind": "suggestion", "words": "Clearer, please.", "remark": "1", **values}
    return Person(who).fill(review_url(story, round, who), having="quote", **values)


def test_a_member_comments_from_the_review_page_without_scripts(story, round):
    assert add(story, round, quote=QUOTE, kind="must_fix").status_code == 302
    page = Person("claire").client.get(review_url(story, round, "claire")).text
    assert "Must fix" in page
    assert "A must-fix of yours is open" in page
    assert ReviewComment.objects.get().quote == QUOTE


def test_a_refused_comment_keeps_what_was_typed_and_the_decision_form_stays(story, round):
    refused = add(story, round, quote="not in it", words="Written with care.")
    assert refused.status_code == 403
    assert "This passage isn&#x27;t in the text" in refused.text
    assert "Written with care." in refused.text
    assert 'name="password"' in refused.text


@pytest.mark.parametrize(
    "values", [{"kind": "late"}, {"words": "a\x00"}, {"place": "nowhere"}, {"position": "-1"}, {"quote": "x" * 2_001}]
)
def test_what_no_form_offers_is_a_form_error(values, story, round):
    assert add(story, round, **values).status_code == 422
    assert not ReviewComment.objects.exists()


def test_the_same_comment_sent_twice_is_one(story, round):
    claire, url = Person("claire"), review_url(story, round, "claire")
    form = {**claire.fields(url, having="quote"), "words": "Once.", "remark": "1"}
    assert [claire.client.post(url, form).status_code for _click in range(2)] == [302, 302]
    assert ReviewComment.objects.count() == 1


def test_others_comments_are_hidden_until_one_has_signed(story, talk, round):
    talk.says("claire", body="Claire's own thought.")
    url = review_url(story, round, "ravi")
    assert "own thought" not in Person("ravi").client.get(url).text
    story.sign(round, "ravi")
    page = Person("ravi").client.get(url).text
    assert "own thought" in page
    assert "Claire Dubois" in page


def test_a_policy_that_hides_nothing_shows_them_at_once(story, talk, round):
    ReviewRound.objects.update(rule={**round.rule, "hide_reviews": False})
    talk.says("claire", body="Claire's own thought.")
    assert "own thought" in Person("ravi").client.get(review_url(story, round, "ravi")).text


def test_the_author_reads_numbers_and_specialties_and_never_a_name(story, talk, round):
    comment = talk.says("ravi", "question", body="Which trial?")
    talk.does("ravi", "reply", comment, body="And which year?")
    talk.does("ravi", "resolve", comment)
    page = Person("nora").client.get(article_url(round)).text
    assert "Reviewer 2, cardiology" in page
    assert "Which trial?" in page
    assert "And which year?" in page
    assert "Ravi" not in page


def test_the_number_is_the_one_of_the_signed_review(story, talk, round):
    story.sign(round, "ravi", comment="Signed first.")
    talk.says("ravi", body="Said too.")
    page = Person("nora").client.get(article_url(round)).text
    assert page.partition('id="timeline"')[0].count("Reviewer 2") == 2
    assert "Reviewer 1" not in page
    assert "Ravi" not in page


def test_a_member_who_answers_in_a_later_round_stays_unnamed(story, people, talk, round):
    comment = talk.says("claire", "question")
    talk.sends_back()
    second = story.round("ravi", "sofia", article=Article.objects.get())
    story.declare(second, "sofia")
    ReviewRound.objects.filter(pk=second.pk).update(rule={**second.rule, "hide_reviews": False})
    talk.does("sofia", "reply", comment, body="I can answer that.")
    page = Person("nora").client.get(article_url(round)).text
    assert "I can answer that." in page
    assert "Sofia" not in page


def test_editors_read_names(story, talk, round):
    talk.says("ravi")
    page = Person("tom").client.get(article_url(round)).text
    assert "Ravi" in page
    assert "1 open" in page


def test_markup_in_comments_is_shown_and_never_run(story, talk, round):
    comment = talk.says("claire", body=EVIL, quote=QUOTE, replacement=EVIL)
    talk.does("tom", "reply", comment, body=EVIL)
    pages = [
        Person("claire").client.get(review_url(story, round, "claire")).text,
        Person("tom").client.get(article_url(round)).text,
        Person("nora").client.get(f"/admin/comments/{comment.pk}/reply/").text,
        add(story, round, quote=EVIL, words=EVIL).text,
    ]
    for page in pages:
        assert EVIL not in page
        assert "&lt;script&gt;alert" in page


def test_one_press_applies_a_change_and_a_second_press_of_it_changes_nothing(talk, round):
    comment = talk.says("claire", quote=QUOTE, replacement="Other words")
    talk.sends_back()
    nora, number = Person("nora"), uuid.uuid4()
    assert ">Apply this change<" in nora.client.get(article_url(round)).text
    for _click in range(2):
        answer = press("nora", comment, "apply", request_id=number)
        assert answer.status_code == 302
        assert answer["Location"].endswith("change/#comments")
    assert body_of(round.article).count("Other words") == 1
    page = nora.client.get(article_url(round)).text
    assert "Applied to the text: You" in page
    assert ">Apply this change<" not in page


def test_a_change_that_cannot_be_applied_says_so_in_words(talk, round):
    comment = talk.says("claire", quote="heart attacks and strokes2", replacement="strokes")
    talk.sends_back()
    refused = press("nora", comment, "apply")
    assert refused.status_code == 403
    assert "Make this change by hand" in refused.text


WHO_MAY = {
    ("reply", "claire"): 302,
    ("reply", "nora"): 302,
    ("reply", "tom"): 302,
    ("reply", "ravi"): 404,
    ("reply", "ana"): 404,
    ("resolve", "nora"): 403,
    ("resolve", "claire"): 302,
    ("downgrade", "claire"): 302,
    ("downgrade", "tom"): 403,
    ("withdraw", "claire"): 302,
    ("withdraw", "nora"): 403,
    ("apply", "claire"): 403,
    ("apply", "ravi"): 404,
    ("reopen", "claire"): 403,
    ("delete", "claire"): 404,
}


@pytest.mark.parametrize(("verb", "who"), WHO_MAY)
def test_who_may_press_what_on_an_open_must_fix(verb, who, talk):
    comment = talk.says("claire", "must_fix", quote=QUOTE, replacement="Other words.")
    assert press(who, comment, verb, words="Words.").status_code == WHO_MAY[verb, who]


def test_an_editor_resolves_a_must_fix_on_a_page_that_asks_why(talk):
    comment = talk.says("claire", "must_fix")
    assert press("tom", comment, "resolve").status_code == 422
    assert press("tom", comment, "resolve", reason="The label says so.").status_code == 302
    assert not ReviewComment.objects.get(parent=None).is_open


def test_opening_an_address_changes_nothing(talk):
    comment = talk.says("claire", "must_fix")
    for verb in ("resolve", "downgrade", "withdraw", "reply"):
        assert Person("claire").client.get(f"/admin/comments/{comment.pk}/{verb}/").status_code == 200
    kept = ReviewComment.objects.get()
    assert (kept.is_open, kept.kind) == (True, "must_fix")


def test_editors_comment_from_the_article(talk, round):
    answer = Person("tom").act(round.article_id, "comment", kind="question", quote=QUOTE, words="Sure?")
    assert answer.status_code == 302
    assert ReviewComment.objects.get().author.username == "tom"
    assert Person("nora").client.get(f"/admin/articles/article/{round.article_id}/verb/comment/").status_code == 404


def test_comments_are_carried_while_the_passage_stands(story, people, talk, round):
    talk.says("claire", "question", body="About what stays.", quote=QUOTE)
    talk.says("claire", "question", body="About what goes.", quote="if treatment is well tolerated")
    talk.sends_back()
    Article.objects.update(short_answer="For most adults, below 130 mm Hg.")
    second = story.round(article=Article.objects.get())
    story.declare(second, "claire")
    seen = discussion.seen_by(
        Article.objects.get(), comment_conditions.viewer_of(Article.objects.get(), people["claire"])
    )
    assert [(c["body"], c["round"]) for c in seen["open"]] == [("About what stays.", 1)]
    assert [c["body"] for c in seen["gone"]] == ["About what goes."]
    page = Person("claire").client.get(review_url(story, second, "claire")).text
    assert "from round 1" in page
    assert "No longer in the text" in page


def test_whoever_recused_reads_and_says_nothing_more(story, talk, round):
    comment = talk.says("ravi")
    seat = story.seat(round, "ravi")
    seat._recuse()
    seat.save()
    assert Person("ravi").client.get(f"/admin/comments/{comment.pk}/reply/").status_code == 404
    assert Person("ravi").client.get(review_url(story, round, "ravi")).status_code == 404


def test_whoever_leaves_the_board_says_nothing_more(talk, people):
    comment = talk.says("claire")
    people["claire"].groups.clear()
    assert press("claire", comment, "resolve").status_code == 403
    assert ReviewComment.objects.get().is_open


@pytest.mark.parametrize("page", ["review", "article"])
def test_a_page_with_many_comments_asks_no_more_than_with_one(page, story, talk, round):
    who, url = ("claire", review_url(story, round, "claire")) if page == "review" else ("tom", article_url(round))
    client, counts = Person(who).client, []
    made = 0
    for wanted in (1, 3, 30):
        for number in range(made, wanted):
            comment = talk.says("claire", body=f"Number {number}", quote=QUOTE, replacement=f"Other {number}")
            talk.does("claire", "reply", comment, body="And more.")
        made = wanted
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            shown = client.get(url).text.partition('id="timeline"')[0]
        assert shown.count("Number ") == wanted
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2], counts


def test_the_author_sees_no_comment_of_another_authors_article(story, people, talk, round):
    comment = talk.says("claire")
    round.article.authors.clear()
    assert Person("nora").client.get(f"/admin/comments/{comment.pk}/reply/").status_code == 404
