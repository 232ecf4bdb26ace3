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
