"""A class that was right at submit and is too light by now: the page was brought back, lifted or put in doubt since."""

import json
from datetime import timedelta

import pytest

from articles import proposals
from articles import workflow as bare
from articles.models import Article, Publication
from editorial.conditions import Refused
from editorial.models import AuditEvent, BoardMember, User
from reviews import workflow
from reviews.demo.cast import PASSWORD
from reviews.models import Review, ReviewRound
from tests.desk import Person
from tests.editorial.test_verify import found
from tests.reviews.later import asked_again, current, hold, read, round_of, void

GRADE = ("certainty=moderate", "certainty=high")
WORD = ("prevented heart attacks", "reduced heart attacks")
COMMA = ("In one large trial, treating", "In one large trial treating")
DAY = timedelta(days=1)

pytestmark = pytest.mark.usefixtures("now_is")


@pytest.fixture
def first(story) -> Article:
    return story.published()


@pytest.fixture
def second(story, first) -> Article:
    """An update of it: the grade of the evidence is another."""
    return story.published(article=story.revised(first, GRADE))


def corrected(story, article: Article, change_class: str = "correction", replace=WORD, **values) -> Article:
    """A triaged revision that the lightest class allows against what readers have now."""
    article = story.triaged(story.revised(article, replace, **values))
    assert article.change_class == change_class
    return article


def urgently(story, article: Article, **values) -> Article:
    """A triaged revision of a held page that is to mend it at short notice."""
    article = story.submitted(story.revised(hold(story, article), WORD, **values), change_class="urgent")
    return bare.triage(
        article,
        actor=story.people["tom"],
        now=story.tick(),
        risk_tier=article.risk_tier,
        specialty=article.specialty,
        handling_editor=article.handling_editor,
    )


def brought_back(story, article: Article) -> Article:
    """The page taken down, and version 1 put in its place, while a revision is under way or not."""
    hold(story, Article.objects.get(pk=article.pk))
    story.tick()
    ingrid, proof = story.people["ingrid"], story.proof("ingrid")
    workflow.restore(article, actor=ingrid, now=story.now, number=1, reason="It was right.", proof=proof)
    return Article.objects.get(pk=article.pk)


def lifted(story, article: Article) -> Article:
    workflow.lift(
        article, actor=story.people["ingrid"], now=story.tick(), reason="It was right.", proof=story.proof("ingrid")
    )
    return Article.objects.get(pk=article.pk)


def refused_at_opening(article: Article) -> str:
    members = BoardMember.objects.filter(user__username__in=["claire", "ravi"])
    refused = Person("tom").force(article, "open_round", **{f"seat_{member.pk}": "required" for member in members})
    assert refused.status_code == 403
    assert not ReviewRound.objects.filter(article=article, closed_at=None).exists()
    return refused.text


def approval_of(round: ReviewRound) -> bare.Approval:
    """As a caller would give it who has judged nothing but the quorum."""
    values = {"round": round.number, "digest": round.digest, "rule": round.rule, "opened_at": round.opened_at}
    return bare.Approval(**values, evidence={"signatures": []}, editorial_responsibility="Tom Okafor")


def kept_back(story, article: Article) -> str:
    """Why the clock doesn't show the version that waits."""
    workflow.publish_scheduled(article, actor=User.system(), now=story.now + 2 * DAY)
    assert Publication.objects.latest("number").status == "scheduled"
    event = AuditEvent.objects.filter(kind="publication.not_released").latest("sequence")
    return json.loads(event.body)["data"]["reason"]


# An earlier version is brought back


def test_one_signature_does_not_publish_over_a_version_that_was_brought_back(story, second):
    article = corrected(story, second)
    round = round_of(story, article, "claire")
    brought_back(story, article)

    assert Person("claire").sign(story.seat(round, "claire").pk).status_code == 302

    assert Review.objects.filter(round=round).count() == 1
    assert Article.objects.get().state == "under_review"
    assert (current(article).number, current(article).restored_from) == (3, 1)
    refused = Person("tom").force(article, "confirm", password=PASSWORD)
    assert refused.status_code == 403
    assert "is too light for this change" in refused.text
    assert "Unlock it and submit it again." in refused.text
    assert current(article).number == 3
    assert found() == {}


def test_the_button_says_so_before_anybody_uses_it(story, second):
    article = corrected(story, second)
    round_of(story, article, "claire")
    url = f"/admin/articles/article/{article.pk}/change/"
    assert "is too light for this change" not in Person("tom").client.get(url).text
    brought_back(story, article)
    assert "is too light for this change" in Person("tom").client.get(url).text


def test_no_round_is_opened_under_a_class_that_is_too_light_by_now(story, second):
    article = brought_back(story, corrected(story, second))
    assert "is too light for this change" in refused_at_opening(article)
    with pytest.raises(Refused, match="too light"):
        round_of(story, article, "claire")


def test_approving_judges_it_itself(story, second):
    article = corrected(story, second)
    round = round_of(story, article, "claire")
    article = brought_back(story, article)
    with pytest.raises(Refused, match="too light"):
        bare.approve(article, actor=User.system(), now=story.tick(), approval=approval_of(round))


def test_unlocked_and_submitted_again_it_gets_the_class_of_today(story, second):
    article = brought_back(story, corrected(story, second))
    workflow.withdraw(article, actor=story.people["tom"], now=story.tick(), reason="Version 1 is back.")
    article = story.triaged(Article.objects.get())
    assert article.change_class == "update"
    round = round_of(story, article, "claire", "ravi")
    story.sign(round, "claire")
    story.sign(round, "ravi")
    assert story.confirm(Article.objects.get()).state == "approved"
    assert found() == {}


def test_a_text_that_readers_have_again_is_no_correction_of_it(story, second):
    back = corrected(story, second, "update", (GRADE[1], GRADE[0]))
    Article.objects.filter(pk=back.pk).update(change_class="correction")
    assert "Nothing differs from version 3" in refused_at_opening(brought_back(story, back))


def test_a_reaffirmation_is_no_word_about_the_version_that_was_brought_back(story, second):
    round = asked_again(story, second, "claire")
    assert round.rule["change_class"] == "reaffirmation"
    article = brought_back(story, second)
    assert story.sign(round, "claire").state == "under_review"
    refused = Person("tom").force(article, "confirm", password=PASSWORD)
    assert refused.status_code == 403
    assert "A reaffirmation has no change" in refused.text
    assert current(article).number == 3


def test_the_board_may_confirm_a_page_on_hold_with_its_whole_panel(story, first):
    round = asked_again(story, hold(story, first), "claire", "ravi")
    assert round.rule["change_class"] == "update"
    story.sign(round, "claire")
    story.sign(round, "ravi")
    assert Person("tom").act(first.pk, "confirm", password=PASSWORD).status_code == 302
    assert (current(first).number, current(first).status) == (2, "live")


# A hold that was lifted


def test_urgent_mends_nothing_once_the_hold_was_lifted(story, first):
    article = urgently(story, first)
    round = round_of(story, article, "claire")
    story.sign(round, "claire")
    lifted(story, article)
    refused = Person("ingrid").force(article, "confirm", password=PASSWORD)
    assert refused.status_code == 403
    assert "Urgent mends a page that is on hold" in refused.text
    assert (current(article).number, Article.objects.get().state) == (1, "under_review")


def test_no_urgent_round_is_opened_once_the_hold_was_lifted(story, first):
    article = lifted(story, urgently(story, first))
    assert "Urgent mends a page that is on hold" in refused_at_opening(article)


def test_bringing_a_version_back_leaves_the_revision_its_follow_up(story, second):
    article = corrected(story, second, "typographic", COMMA)
    article = brought_back(story, article)
    assert article.follow_up_required
    assert "is too light for this change" in refused_at_opening(article)


def test_bringing_a_version_back_with_no_revision_under_way_asks_for_none(story, second):
    article = story.revised(second, WORD)
    hold(story, article)
    bare.discard_revision(article, actor=story.people["tom"], now=story.tick(), reason="Not now.")
    assert Article.objects.get().follow_up_required
    story.tick()
    ingrid, proof = story.people["ingrid"], story.proof("ingrid")
    workflow.restore(article, actor=ingrid, now=story.now, number=1, reason="It was right.", proof=proof)
    assert not Article.objects.get().follow_up_required


# A version that waits for its day


def test_an_urgent_version_is_not_shown_once_the_hold_was_lifted(story, first):
    article = urgently(story, first, publish_not_before=story.now + DAY)
    story.sign(round_of(story, article, "claire"), "claire")
    article = lifted(story, story.confirm(article, "ingrid"))
    assert "Urgent mends a page that is on hold" in kept_back(story, article)


def test_a_correction_is_not_shown_once_the_page_lost_its_quorum(story, first):
    article = corrected(story, first, publish_not_before=story.now + DAY)
    story.sign(round_of(story, article, "claire"), "claire")
    article = void(story, article, "ravi")
    assert article.quorum_lost_at
    assert "its quorum is lost" in kept_back(story, article)
    assert Article.objects.get().quorum_lost_at
    assert "was withdrawn on" in read(article).text


def test_typography_is_not_shown_once_the_page_was_taken_down_and_put_back(story, first):
    article = corrected(story, first, "typographic", COMMA, publish_not_before=story.now + DAY)
    round_of(story, article)
    article = lifted(story, hold(story, story.confirm(article, "lena")))
    assert article.follow_up_required
    assert "never typographic" in kept_back(story, article)


# A quorum that was lost


@pytest.mark.parametrize("change_class", ["typographic", "correction"])
def test_a_page_without_its_quorum_is_mended_by_the_whole_panel_alone(change_class, story, first):
    article = story.revised(void(story, first), COMMA if change_class == "typographic" else WORD)
    proposal = proposals.of(article)
    assert (proposal.floor, proposal.allowed) == ("update", ("update",))
    assert "its quorum is lost" in proposal.reasons[0]
    refused = Person("nora").force(article, "submit", change_class=change_class)
    assert refused.status_code in (403, 422)
    assert "its quorum is lost" in refused.text
    assert Article.objects.get().state == "draft"
    assert Person("nora").act(article.pk, "submit").status_code == 302
    assert Article.objects.get().change_class == "update"


def test_a_correction_under_review_does_not_make_good_for_the_quorum(story, first):
    article = corrected(story, first)
    round = round_of(story, article, "claire")
    article = void(story, article, "ravi")
    assert Person("claire").sign(story.seat(round, "claire").pk).status_code == 302
    refused = Person("tom").force(article, "confirm", password=PASSWORD)
    assert refused.status_code == 403
    assert "its quorum is lost" in refused.text
    with pytest.raises(Refused, match="its quorum is lost"):
        bare.approve(article, actor=User.system(), now=story.tick(), approval=approval_of(round))
    assert article.quorum_lost_at
    assert Article.objects.get().quorum_lost_at == article.quorum_lost_at


@pytest.mark.parametrize("held_first", [True, False])
def test_on_hold_it_comes_back_by_the_whole_panel_or_urgently(held_first, story, first):
    article = void(story, hold(story, first)) if held_first else hold(story, void(story, first))
    assert Article.objects.get().quorum_lost_at
    assert proposals.of(story.revised(article, WORD)).allowed == ("update", "urgent")
