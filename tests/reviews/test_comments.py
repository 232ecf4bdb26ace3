"""Comments on passages: who makes, answers, resolves and applies them, and what is refused in words."""

import pytest

from articles.contributors import contributors
from articles.models import Article
from editorial.conditions import Refused
from editorial.models import AuditEvent
from reviews import comment_conditions, workflow
from reviews.models import Review, ReviewComment
from tests.editorial.test_verify import found

QUOTE = "treating to a lower target prevented heart attacks"


@pytest.fixture
def round(story):
    """Claire and Ravi have declared; nobody has signed."""
    round = story.round()
    for name in ("claire", "ravi"):
        story.declare(round, name)
    return round


@pytest.fixture
def talk(story, people, round):
    return Talk(story, people, round.article)


class Talk:
    """The verbs on comments in short sentences."""

    def __init__(self, story, people, article) -> None:
        self.story, self.people, self.article = story, people, article

    def says(self, who: str, kind: str = "suggestion", body: str = "Clearer, please.", **values) -> ReviewComment:
        return workflow.add_comment(
            self.article, actor=self.people[who], now=self.story.tick(), kind=kind, body=body, **values
        )

    def does(self, who: str, verb: str, comment: ReviewComment, **values) -> ReviewComment:
        act = getattr(workflow, verb)
        return act(self.article, actor=self.people[who], now=self.story.tick(), comment=comment, **values)

    def sends_back(self) -> None:
        workflow.request_changes(self.article, actor=self.people["tom"], now=self.story.tick(), reason="See comments.")


def test_a_comment_is_anchored_to_the_words_of_the_frozen_text(talk, round):
    comment = talk.says("claire", "must_fix", quote=f"  {QUOTE.replace(' ', chr(10))} ")
    assert (comment.audience, comment.quote, comment.position) == ("clinician", QUOTE, 0)
    assert comment.digest == round.digest
    assert QUOTE not in AuditEvent.objects.get(kind="comment.made").body
    assert found() == {}


@pytest.mark.parametrize(("quote", "place"), [("How low", "title"), ("if treatment is well tolerated", "short_answer")])
def test_the_title_and_the_short_answer_can_be_commented_on(quote, place, talk):
    assert talk.says("claire", quote=quote).audience == place


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"quote": "not in it at all"}, "This passage isn't in the text"),
        ({"quote": "a"}, "times in the text"),
        ({"quote": "x" * 2_001}, "at most 2000"),
        ({"quote": QUOTE, "place": "patient"}, "no such part"),
        ({"quote": QUOTE, "place": "clinician", "position": 4}, "doesn't stand that often"),
        ({"body": "  "}, "Write what you mean"),
        ({"body": "x" * 5_001}, "fit into a comment"),
        ({"body": "a\x00b"}, "NUL"),
        ({"kind": "late"}, "Choose whether"),
        ({"kind": "reply"}, "Choose whether"),
        ({"replacement": "Something"}, "which passage the change is for"),
        ({"quote": QUOTE, "replacement": QUOTE}, "says the same"),
    ],
)
def test_bad_input_is_refused_in_words_and_nothing_is_kept(values, said, talk):
    with pytest.raises(Refused, match=said):
        talk.says("claire", **values)
    assert not ReviewComment.objects.exists()


def test_a_question_about_the_whole_text_needs_no_passage(talk):
    assert talk.says("claire", "question").quote == ""


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("nora", "Only the round's reviewers"),
        ("sofia", "Only the round's reviewers"),
        ("ana", "Only the round's reviewers"),
    ],
)
def test_only_the_panel_and_editors_comment(who, said, talk):
    with pytest.raises(Refused, match=said):
        talk.says(who)


def test_an_editor_comments_too_unless_an_author(talk, round, people):
    assert talk.says("tom").author == people["tom"]
    round.article.authors.add(people["tom"])
    with pytest.raises(Refused, match="Only the round's reviewers"):
        talk.says("tom")


def test_nobody_comments_before_declaring_or_after_the_round(story, people):
    round = story.round()
    talk = Talk(story, people, round.article)
    with pytest.raises(Refused, match="Declare your interests first"):
        talk.says("claire")
    talk.sends_back()
    for who in ("claire", "tom"):
        with pytest.raises(Refused, match="while a review round is open"):
            talk.says(who)


def test_a_recused_member_and_a_waiting_alternate_say_nothing(story, people):
    round = story.round("claire", "ravi", "sofia")
    talk = Talk(story, people, round.article)
    story.declare(round, "claire", has_conflict=True, details="Shares.")
    story.declare(round, "ravi")
    seat = story.seat(round, "ravi")
    seat.seat = "alternate"
    seat.save()
    for who in ("claire", "ravi"):
        with pytest.raises(Refused, match="Only the round's reviewers"):
            talk.says(who)


@pytest.mark.parametrize("verdict", ["approve", "approve_with_suggestions"])
def test_an_open_must_fix_cannot_go_with_approval(verdict, story, talk, round):
    comment = talk.says("claire", "must_fix")
    with pytest.raises(Refused, match="Must-fix can't go with approval"):
        story.sign(round, "claire", verdict)
    assert not Review.objects.exists()
    talk.does("claire", "downgrade", comment)
    story.sign(round, "claire", verdict)
    assert ReviewComment.objects.get().kind == "suggestion"


def test_another_members_must_fix_and_ones_own_resolved_one_stop_nobody(story, talk, round):
    talk.does("claire", "resolve", talk.says("claire", "must_fix"))
    talk.says("ravi", "must_fix")
    story.sign(round, "claire")
    assert Review.objects.count() == 1


@pytest.mark.parametrize("verdict", ["changes_needed", "safety_objection", "abstain"])
def test_a_must_fix_goes_with_every_other_verdict(verdict, story, talk, round):
    talk.says("claire", "must_fix")
    story.sign(round, "claire", verdict, comment="The dose.")
    assert Review.objects.count() == 1


WHO_RESOLVES = {
    ("must_fix", "claire"): True,
    ("must_fix", "tom"): True,
    ("must_fix", "nora"): False,
    ("must_fix", "ravi"): False,
    ("suggestion", "claire"): True,
    ("suggestion", "tom"): True,
    ("suggestion", "nora"): True,
    ("suggestion", "ravi"): False,
    ("question", "nora"): True,
    ("question", "ana"): False,
}


@pytest.mark.parametrize(("kind", "who"), WHO_RESOLVES)
def test_who_resolves_what(kind, who, talk):
    comment = talk.says("claire", kind)
    if WHO_RESOLVES[kind, who]:
        talk.does(who, "resolve", comment, reason="Done in the last version.")
        assert not ReviewComment.objects.get(pk=comment.pk).is_open
    else:
        with pytest.raises(Refused):
            talk.does(who, "resolve", comment, reason="Done.")
        assert ReviewComment.objects.get(pk=comment.pk).is_open


def test_an_editor_who_resolves_a_must_fix_says_why_and_the_maker_reads_it(talk):
    comment = talk.says("claire", "must_fix")
    with pytest.raises(Refused, match="Say why this must-fix is resolved"):
        talk.does("tom", "resolve", comment)
    talk.does("tom", "resolve", comment, reason="The label says so.")
    assert ReviewComment.objects.get(kind="reply").body == "The label says so."


def test_replies_are_flat_and_only_to_open_comments(talk):
    comment = talk.says("claire", "question")
    answer = talk.does("nora", "reply", comment, body="It is from the trial.")
    assert answer.parent_id == comment.pk
    with pytest.raises(Refused, match="Reply to the comment itself"):
        talk.does("claire", "reply", answer, body="Thanks.")
    with pytest.raises(Refused, match="Write what you mean"):
        talk.does("nora", "reply", comment, body=" ")
    with pytest.raises(Refused, match="isn't shown to you"):
        talk.does("ravi", "reply", comment, body="I agree.")
    talk.does("nora", "resolve", comment)
    with pytest.raises(Refused, match="Reopen it first"):
        talk.does("nora", "reply", comment, body="Once more.")


def test_reopening_is_for_the_maker_and_editors(talk):
    comment = talk.says("claire", "question")
    talk.does("nora", "resolve", comment)
    with pytest.raises(Refused, match="Only its maker or an editor"):
        talk.does("nora", "reopen", comment)
    talk.does("claire", "reopen", comment)
    assert ReviewComment.objects.get().is_open
    with pytest.raises(Refused, match="It isn't resolved"):
        talk.does("claire", "reopen", comment)
    assert found() == {}


def test_only_the_maker_downgrades_and_withdraws(talk):
    comment = talk.says("claire", "must_fix")
    for who in ("tom", "nora"):
        for verb in ("downgrade", "withdraw_comment"):
            with pytest.raises(Refused, match="Only its maker"):
                talk.does(who, verb, comment)


def test_withdrawing_erases_the_words_and_keeps_the_record(talk):
    comment = talk.says("claire", "must_fix", quote=QUOTE, replacement="Other words.")
    talk.does("claire", "withdraw_comment", comment)
    kept = ReviewComment.objects.get()
    assert (kept.body, kept.quote, kept.replacement, kept.is_open) == ("", "", None, False)
    assert comment_conditions.is_withdrawn(kept)
    with pytest.raises(Refused, match="It was withdrawn"):
        talk.does("claire", "reopen", comment)
    assert found() == {}


def test_a_comment_of_another_article_is_not_touched_here(story, people, talk):
    other = story.round(title="Another question?")
    story.declare(other, "claire")
    comment = Talk(story, people, other.article).says("claire")
    with pytest.raises(Refused, match="another article"):
        talk.does("claire", "resolve", comment)


def body_of(article: Article) -> str:
    return article.variants.get().body


def test_an_author_applies_a_change_and_its_maker_stays_eligible(talk, round, people):
    comment = talk.says("claire", quote=QUOTE, replacement="a lower target prevented fewer than 2% of heart attacks")
    talk.sends_back()
    before = body_of(round.article)
    talk.does("nora", "apply_suggestion", comment)
    assert body_of(round.article) == before.replace(QUOTE, "a lower target prevented fewer than 2% of heart attacks")
    kept = ReviewComment.objects.get()
    assert kept.applied_at is not None
    assert kept.resolved_by == people["nora"]
    assert round.article.variants.get().history.first().history_user == people["nora"]
    assert people["claire"].pk not in contributors(Article.objects.get())
    assert found() == {}
    with pytest.raises(Refused, match="resolved already"):
        talk.does("nora", "apply_suggestion", comment)


@pytest.mark.parametrize(("quote", "field"), [("How low should", "title"), ("For most adults", "short_answer")])
def test_changes_of_the_title_and_the_short_answer_are_applied(quote, field, talk, round):
    comment = talk.says("claire", quote=quote, replacement="By how much should")
    talk.sends_back()
    talk.does("nora", "apply_suggestion", comment)
    article = Article.objects.get()
    assert getattr(article, field).startswith("By how much should")
    applied = article.history.get(history_change_reason__startswith="applied comment")
    assert applied.history_user.username == "nora"


def test_an_editor_who_applies_a_change_contributed(talk, round, people):
    comment = talk.says("claire", quote=QUOTE, replacement="Other words.")
    talk.sends_back()
    talk.does("tom", "apply_suggestion", comment)
    assert people["tom"].pk in contributors(Article.objects.get())


@pytest.mark.parametrize("who", ["claire", "ravi", "ana"])
def test_nobody_else_applies_a_change_not_even_its_maker(who, talk, round):
    comment = talk.says("claire", quote=QUOTE, replacement="Other words.")
    talk.sends_back()
    with pytest.raises(Refused, match="Only an author of this article or an editor"):
        talk.does(who, "apply_suggestion", comment)
    assert QUOTE in body_of(round.article)


def test_nothing_is_applied_while_the_text_is_frozen(talk, round):
    comment = talk.says("claire", quote=QUOTE, replacement="Other words.")
    with pytest.raises(Refused, match="The text is frozen"):
        talk.does("nora", "apply_suggestion", comment)
    assert ReviewComment.objects.get().is_open


def test_a_comment_without_a_change_has_nothing_to_apply(talk):
    comment = talk.says("claire", quote=QUOTE)
    talk.sends_back()
    with pytest.raises(Refused, match="It suggests no change"):
        talk.does("nora", "apply_suggestion", comment)


def test_a_passage_across_a_citation_is_changed_by_hand(talk, round):
    comment = talk.says("claire", quote="heart attacks and strokes2", replacement="strokes")
    talk.sends_back()
    before = body_of(round.article)
    with pytest.raises(Refused, match="stands across formatting or citations"):
        talk.does("nora", "apply_suggestion", comment)
    assert body_of(round.article) == before
    assert ReviewComment.objects.get().is_open


def test_a_passage_that_was_doubled_or_changed_since_is_not_guessed(talk, round, people):
    first = talk.says("claire", quote=QUOTE, replacement="Other words.")
    talk.sends_back()
    variant = round.article.variants.get()
    variant.body = f"{variant.body}\n\nAnd again {QUOTE}.\n"
    variant.save()
    with pytest.raises(Refused, match="which occurrence"):
        talk.does("nora", "apply_suggestion", first)
    variant.body = variant.body.replace("treating", "to treat")
    variant.save()
    with pytest.raises(Refused, match="can't be found word for word"):
        talk.does("nora", "apply_suggestion", first)


def test_the_second_of_two_occurrences_is_the_one_that_changes(talk, round, people):
    article = round.article
    comment = talk.says("claire", quote="blood pressure", place="title", replacement="blood sugar")
    other = talk.says("claire", quote="target", place="clinician", position=1, replacement="goal")
    talk.sends_back()
    talk.does("nora", "apply_suggestion", comment)
    talk.does("nora", "apply_suggestion", other)
    article = Article.objects.get()
    assert article.title == "How low should blood sugar be?"
    assert "A target below 130" in body_of(article)
    assert "a lower goal prevented" in body_of(article)


def test_a_change_that_leaves_nothing_of_the_title_is_refused(talk, round):
    comment = talk.says("claire", quote=round.article.title, replacement="")
    talk.sends_back()
    with pytest.raises(Refused, match="can't be stored with this change"):
        talk.does("nora", "apply_suggestion", comment)
    assert Article.objects.get().title == round.article.title


@pytest.mark.parametrize(
    "tamper",
    [
        lambda: ReviewComment.objects.update(kind="suggestion"),
        lambda: ReviewComment.objects.update(resolved_at="2026-03-02T09:00Z"),
        lambda: ReviewComment.objects.all().delete(),
    ],
)
def test_a_comment_changed_or_deleted_by_sql_is_named(tamper, talk):
    talk.says("claire", "must_fix")
    assert found() == {}
    tamper()
    assert "ReviewComment" in str(found())
