"""A changed or disabled policy never completes, breaks or publishes a running round."""

from datetime import timedelta

import pytest

from articles.models import Article, Publication
from editorial import policies
from editorial.conditions import Refused
from editorial.models import BoardMember, EditorialPolicy
from reviews import conditions, workflow
from reviews.models import ReviewRound
from tests.desk import Person


def policy() -> EditorialPolicy:
    return EditorialPolicy.objects.get(version=1)


def disable(story) -> None:
    policies.disable(policy(), actor=story.people["ingrid"], now=story.tick(), reason="Under revision.")


def replace(story, **rule) -> EditorialPolicy:
    """Another version comes into force, with other rules."""
    day = story.now.date() + timedelta(days=1)
    made = policies.draft_next(policy(), actor=story.people["ingrid"], now=story.tick(), in_force_from=day)
    made.rules.update(**rule)
    EditorialPolicy.objects.filter(pk=made.pk).update(in_force_from=story.now.date())
    return made


CHANGES = [
    disable,
    lambda s: replace(s, approvals=5, in_specialty=5),
    lambda s: replace(s, approvals=1, in_specialty=0, editor_confirms=False, chief_confirms=False),
    lambda s: policy().rules.all().delete(),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_running_round_keeps_its_rule_decides_and_publishes_by_it(story, change):
    round = story.round()
    before = round.rule
    story.sign(round, "claire")
    change(story)

    assert ReviewRound.objects.get(pk=round.pk).rule == before
    assert Article.objects.get(pk=round.article_id).state == "under_review"
    article = story.sign(round, "ravi")
    assert article.state == "under_review"  # by its own rule an editor still confirms
    article = story.confirm(article)
    assert Publication.objects.get(article=article).status == "live"
    assert Publication.objects.get(article=article).policy == before


def test_a_lighter_policy_completes_no_round_that_waits(story):
    round = story.round()
    story.sign(round, "claire")
    replace(story, approvals=1, in_specialty=0, editor_confirms=False, chief_confirms=False)
    with pytest.raises(Refused, match="1 more approval"):
        story.confirm(round.article)
    assert not Publication.objects.exists()


def test_the_next_round_is_opened_under_the_new_version(story):
    replace(story, approvals=2, in_specialty=2)
    round = story.round()
    assert (round.rule["policy"], round.rule["specialties"]) == (2, ["cardiology", "cardiology"])


def test_no_round_is_opened_without_a_policy_and_it_says_so(story):
    article = story.triaged()
    disable(story)
    allowed = conditions.may_open_round(article, story.people["tom"], now=story.now)
    assert allowed.reason.startswith("No editorial policy is in force, so no round can be opened")
    members = BoardMember.objects.filter(user__username__in=["claire", "ravi"])
    with pytest.raises(Refused, match="No editorial policy is in force"):
        workflow.open_round(article, actor=story.people["tom"], now=story.tick(), members=list(members))
    page = Person("tom").client.get(f"/admin/articles/article/{article.pk}/verb/open_round/")
    assert "No editorial policy is in force" in page.text


def test_without_a_rule_for_its_risk_and_class_no_round_is_opened(story):
    article = story.triaged()
    policy().rules.filter(risk_tier="standard", change_class="new").delete()
    reason = conditions.may_open_round(article, story.people["tom"], now=story.now).reason
    assert reason.startswith("The policy in force has no rule for this risk and change class")


def test_whoever_submits_hears_that_no_policy_is_in_force(story):
    url = f"/admin/articles/article/{story.draft().pk}/verb/submit/"
    nora = Person("nora").client
    assert "No editorial policy is in force" not in nora.get(url).text
    disable(story)
    assert "No editorial policy is in force" in nora.get(url).text


def test_a_rule_that_todays_board_cannot_satisfy_is_refused_when_the_round_is_opened(story):
    policy().rules.filter(risk_tier="standard", change_class="new").update(approvals=3, in_specialty=3)
    with pytest.raises(Refused, match="can't satisfy the policy"):
        story.round("claire", "ravi", "ana")


def test_disabling_falls_back_to_the_newest_earlier_version_that_stands(story):
    for _n in range(2):
        replace(story)
    policies.disable(
        EditorialPolicy.objects.get(version=3), actor=story.people["ingrid"], now=story.tick(), reason="Too much."
    )
    assert story.round().rule["policy"] == 2
