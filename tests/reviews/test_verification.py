from articles import content
from editorial.models import PersonalText
from reviews.models import ReviewRound
from tests.editorial.test_verify import found


def test_a_rounds_rule_changed_by_sql_is_named(story):
    story.published()
    round = ReviewRound.objects.get()
    ReviewRound.objects.update(rule={**round.rule, "approvals": 1})
    assert found() != {}


def test_a_private_note_changed_by_sql_is_named(story):
    round = story.round()
    story.sign(round, "claire", private_note="I doubt it.")
    PersonalText.objects.update(text="No doubt at all.")
    assert found() != {}


def test_a_round_keeps_the_text_it_was_opened_over(story):
    round = story.round()
    assert round.snapshot == round.article.frozen_snapshot
    assert content.digest(round.snapshot) == round.digest
    assert found() == {}


def test_a_rounds_text_changed_by_sql_is_named(story):
    story.round()
    ReviewRound.objects.update(snapshot="{}")
    assert "its stored text doesn't give the digest that was signed" in str(found())


def test_an_old_round_without_its_text_is_no_problem(story):
    story.round()
    ReviewRound.objects.update(snapshot="")
    assert found() == {}
