"""Asking the board to confirm what readers have: by an editor, and in time by the clock."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from articles import workflow as bare
from articles.models import Article, Publication
from editorial.conditions import Refused
from editorial.models import AuditEvent, BoardMember, EditorialPolicy, Notification, User
from reviews import workflow
from reviews.demo.cast import PASSWORD
from reviews.models import ReviewAssignment, ReviewRound
from reviews.states import VerdictKind
from reviews.tasks import MOST_A_RUN, ask_for_re_reviews
from tests.desk import Person
from tests.editorial.test_verify import found
from tests.reviews.later import asked_again, current, hold, read, urgent, void
from tests.reviews.panels import seats


@pytest.fixture
def live(story) -> Article:
    """Published a year ago."""
    article = story.published()
    story.now += timedelta(days=365)
    return article


def test_a_pass_publishes_the_same_text_with_the_new_review(story, live):
    first = current(live)
    round = asked_again(story, live)
    assert (round.digest, round.rule["change_class"]) == (first.digest, "reaffirmation")
    assert Article.objects.get().state == "under_review"

    story.sign(round, "claire")

    second = current(live)
    assert Article.objects.get().state == "approved"
    assert (second.number, second.digest, second.change_class) == (2, first.digest, "reaffirmation")
    assert second.last_updated == first.last_updated
    assert second.last_reviewed == first.last_reviewed + timedelta(days=365)
    assert second.next_review_due > first.next_review_due
    assert second.change_note == "Reviewed again, unchanged."
    assert [person["name"] for person in second.evidence["reviewers"]] == ["Claire Dubois"]
    assert found() == {}


def test_readers_are_told_that_a_review_runs_and_no_change_is_proposed(story, live):
    sentence = "Scheduled review under way; no change proposed yet."
    assert sentence not in read(live).text
    round = asked_again(story, live)
    page = read(live)
    assert page.status_code == 200
    assert sentence in page.text
    assert "Update under review" not in page.text
    story.sign(round, "claire")
    assert sentence not in read(live).text


def test_a_no_sends_it_to_the_author_and_the_page_stays(story, live):
    round = asked_again(story, live)
    article = story.sign(round, "claire", VerdictKind.CHANGES_NEEDED, comment="There is a newer trial.")
    assert article.state == "changes_requested"
    assert read(live).status_code == 200
    assert "Update under review" in read(live).text


def test_an_unlocked_one_is_given_up_by_going_back_to_the_published_text(story, live):
    asked_again(story, live)
    tom = story.people["tom"]
    article = workflow.withdraw(Article.objects.get(), actor=tom, now=story.tick(), reason="Too early.")
    assert article.state == "draft"
    bare.discard_revision(article, actor=tom, now=story.tick(), reason="Too early.")
    assert Article.objects.get().frozen_digest == current(live).digest


@pytest.mark.parametrize("why", ["urgent", "lost", "held"])
def test_the_full_quorum_is_asked_when_the_review_it_stands_on_is_in_doubt(why, story, live):
    {"urgent": urgent, "lost": void, "held": hold}[why](story, live)
    round = asked_again(story, live, "claire", "ravi")
    assert (round.rule["change_class"], round.rule["approvals"]) == ("update", 2)
    story.sign(round, "claire")
    assert not story.sign(round, "ravi").publications.filter(change_class="update").exists()
    story.confirm(Article.objects.get())
    assert current(live).status == "live"
    article = Article.objects.get()
    assert (article.full_review_by, article.quorum_lost_at) == (None, None)
    assert found() == {}


def test_a_reaffirmation_that_began_before_a_hold_puts_nothing_back(story, live):
    round = asked_again(story, live)
    hold(story, Article.objects.get())
    assert story.sign(round, "claire").state == "under_review"
    assert current(live).status == "on_hold"


@pytest.mark.parametrize("state", ["draft", "submitted", "under_review", "changes_requested", "rejected"])
def test_it_needs_an_approved_article(state, story):
    article = {
        "draft": story.draft,
        "submitted": story.triaged,
        "under_review": lambda: story.round().article,
        "changes_requested": lambda: story.sign(story.round(), "claire", VerdictKind.CHANGES_NEEDED, comment="No."),
        "rejected": lambda: workflow.reject(
            story.triaged(), actor=story.people["tom"], now=story.tick(), reason="Out of scope."
        ),
    }[state]()
    with pytest.raises(Refused, match="Not possible while the article is"):
        asked_again(story, article)


def test_it_is_refused_while_a_newer_version_waits_for_its_day(story):
    article = story.published(publish_not_before=story.now + timedelta(days=9))
    with pytest.raises(Refused, match="no version on the site"):
        asked_again(story, article)


def test_nothing_is_asked_when_the_stored_text_is_not_the_published_one(story, live):
    Article.objects.update(frozen_digest="0" * 64)
    with pytest.raises(Refused, match="The text isn't the one that is published"):
        asked_again(story, live)


def test_a_panel_that_could_never_satisfy_the_rule_is_refused(story, live):
    with pytest.raises(Refused, match="an approver in cardiology"):
        asked_again(story, live, "eva")
    assert Article.objects.get().state == "approved"


def form(story, *members: str) -> dict:
    return {**seats(story.people, **dict.fromkeys(members, "required")), "note": ""}


@pytest.mark.parametrize(("person", "status"), [("tom", 302), ("ingrid", 302), ("nora", 404), ("claire", 404)])
def test_editors_ask_over_http_and_nobody_else(person, status, story, live):
    answer = Person(person).force(live, "re_review", **form(story, "claire"))
    assert answer.status_code == status
    asked = person in ("tom", "ingrid")
    assert ReviewRound.objects.count() == (2 if asked else 1)


def test_the_page_ticks_the_proposed_panel_and_its_form_works(story, live):
    page = Person("tom").act(live.pk, "re_review")
    assert page.status_code == 302
    given = ReviewAssignment.objects.filter(round__number=2).exclude(seat="alternate")
    assert [seat.specialty.slug for seat in given] == ["cardiology"]
    again = Person("tom").force(live, "re_review", **form(story, "claire"))
    assert again.status_code == 403
    assert "Not possible while the article is" in again.text


@pytest.mark.parametrize("odd", [{"seat_999999": "required"}, {"seat_abc": "required"}, {"seat_1": "throne"}, {}])
def test_odd_members_are_refused_in_words(odd, story, live):
    answer = Person("tom").force(live, "re_review", note="", **odd)
    assert answer.status_code == 422
    assert ReviewRound.objects.count() == 1


# The clock


def clock_at(moment: datetime):
    return time_machine.travel(moment, tick=False)


@pytest.fixture
def due(story, live) -> datetime:
    """Noon of the live page's review day."""
    day = current(live).next_review_due
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def test_the_clock_asks_early_enough_and_not_before(story, live, due):
    with clock_at(due - timedelta(days=21 + 14 + 1)):
        assert ask_for_re_reviews() == 0
    with clock_at(due - timedelta(days=21 + 14)):
        assert ask_for_re_reviews() == 1
        assert ask_for_re_reviews() == 0
    round = ReviewRound.objects.get(number=2)
    assert round.opened_by == User.system()
    assert "due by" in round.note
    assert AuditEvent.objects.filter(kind="article.re_review_opened").count() == 1


def test_a_late_clock_catches_up(story, live, due):
    with clock_at(due + timedelta(days=90)):
        assert ask_for_re_reviews() == 1


def test_the_clock_asks_nothing_when_the_policy_says_so(story, live, due):
    EditorialPolicy.objects.update(re_review_by_clock=False)
    with clock_at(due):
        assert ask_for_re_reviews() == 0


@pytest.mark.parametrize("standing", ["held", "revised"])
def test_the_clock_leaves_alone_what_is_held_or_revised(standing, story, live, due):
    if standing == "held":
        hold(story, live)
    else:
        bare.revise(live, actor=story.people["nora"], now=story.tick(), reason="A new trial.")
    with clock_at(due):
        assert ask_for_re_reviews() == 0


def test_where_no_panel_can_the_editor_is_told_once(story, live, due):
    BoardMember.objects.filter(credentials__specialty__slug="cardiology").update(left_on=due.date())
    with clock_at(due):
        assert [ask_for_re_reviews(), ask_for_re_reviews()] == [0, 0]
    told = Notification.objects.filter(text__contains="no panel can do it")
    assert [row.user.username for row in told] == ["tom"]
    assert AuditEvent.objects.filter(kind="article.re_review_not_opened").count() == 1
    assert Article.objects.get().state == "approved"


def test_the_clock_keeps_a_pace(story, live, due):
    BoardMember.objects.update(load_limit=100)
    first = current(live)
    for number in range(MOST_A_RUN):
        article = Article.objects.get(pk=live.pk)
        article.pk, article.uuid, article.slug = None, f"00000000-0000-4000-8000-{number:012}", f"copy-{number}"
        article._state.adding = True
        article.save()
        values = {f.attname: getattr(first, f.attname) for f in Publication._meta.concrete_fields if f.name != "id"}
        Publication.objects.create(**{**values, "article_id": article.pk, "slug": article.slug})
    with clock_at(due):
        assert [ask_for_re_reviews() for _run in range(3)] == [MOST_A_RUN, 1, 0]


def test_one_that_cannot_be_asked_never_stops_the_others(story, live, due):
    other = story.published(title="Another question?")
    Article.objects.filter(pk=live.pk).update(specialty=None)
    with clock_at(due + timedelta(days=800)):
        assert ask_for_re_reviews() == 1
    assert Article.objects.get(pk=other.pk).state == "under_review"


def test_its_round_is_confirmed_like_any_other(story, live):
    round = asked_again(story, live, "claire", "ravi")
    story.sign(round, "claire", VerdictKind.APPROVE_WITH_SUGGESTIONS)
    article = story.sign(round, "ravi")
    assert article.state == "under_review"
    assert Person("tom").act(article.pk, "confirm", password=PASSWORD).status_code == 302
    assert current(live).number == 2
