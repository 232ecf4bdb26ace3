"""What mends a held page at short notice: a specialist and a chief, a label, and a full panel in 14 days."""

from datetime import date, timedelta

import pytest
import time_machine

from articles.models import Article
from editorial import clock
from editorial.conditions import Refused
from editorial.models import AuditEvent, Notification
from reviews import desk, workflow
from reviews.demo.cast import PASSWORD
from reviews.tasks import hold_what_missed_its_full_review
from tests.desk import Person
from tests.editorial.test_verify import found, tamper
from tests.reviews.later import asked_again, current, hold, read, revised, round_of, typographic, urgent

LABEL = "Signed by one specialist and a chief editor; the full panel reviews it by"


@pytest.fixture
def mended(story) -> Article:
    """An urgent version on the site since this very moment, by the real clock."""
    article = story.published()
    story.now = clock.now()
    urgent(story, article)
    return Article.objects.get()


def at(day: date):
    return time_machine.travel(f"{day.isoformat()}T12:00:00+00:00", tick=False)


def test_readers_are_told_who_signed_it_and_by_when_the_panel_will(story, mended):
    due = current(mended).last_updated + timedelta(days=14)
    page = read(mended).text
    assert "Mended at short notice" in page
    assert f"{LABEL} {clock.shown(due)}." in page
    assert "a chief editor's confirmation" in page.replace("&#x27;", "'")
    assert (mended.full_review_by, current(mended).change_class) == (due, "urgent")
    assert list(desk.full_review_owed()) == [mended]
    desk_page = Person("tom").client.get(f"/admin/articles/article/{mended.pk}/change/").text
    assert f"The full panel has to review it by {clock.shown(due)}" in desk_page
    assert found() == {}


def test_no_other_editor_confirms_it(story):
    article = revised(story, hold(story, story.published()), "urgent", replace=("130 mm Hg", "125 mm Hg"))
    round = round_of(story, article, "claire")
    story.sign(round, "claire")
    refused = Person("lena").force(article, "confirm", password=PASSWORD)
    assert refused.status_code == 403
    assert "has to be confirmed by a chief editor" in refused.text
    with pytest.raises(Refused, match="chief editor"):
        story.confirm(article, "lena")
    assert Person("ingrid").act(article.pk, "confirm", password=PASSWORD).status_code == 302


def test_a_full_round_ends_what_it_owes(story, mended):
    round = asked_again(story, mended, "claire", "ravi")
    assert round.rule["change_class"] == "update"
    assert LABEL in read(mended).text
    story.sign(round, "claire")
    story.sign(round, "ravi")
    article = story.confirm(Article.objects.get())
    assert article.full_review_by is None
    assert LABEL not in read(article).text
    assert current(article).change_note == "Reviewed again, unchanged."
    assert list(desk.full_review_owed()) == []


@pytest.mark.parametrize("change_class", ["typographic", "correction"])
def test_a_light_version_leaves_it_owed(change_class, story, mended):
    due = mended.full_review_by
    story.now += timedelta(days=3)
    if change_class == "typographic":
        article = typographic(story, mended)
    else:
        article = revised(story, mended, "correction", replace=("recommended for", "advised for"))
        article = story.sign(round_of(story, article, "claire"), "claire")
    assert Article.objects.get().full_review_by == due
    assert LABEL in read(article).text
    assert found() == {}


def test_a_second_urgent_version_does_not_move_the_day(story, mended):
    due = mended.full_review_by
    story.now += timedelta(days=3)
    article = revised(story, hold(story, mended), "urgent", replace=("125 mm Hg", "120 mm Hg"))
    story.sign(round_of(story, article, "claire"), "claire")
    story.confirm(article, "ingrid")
    assert Article.objects.get().full_review_by == due


def test_when_the_day_has_passed_the_clock_takes_it_off_the_site_once(story, mended):
    with at(mended.full_review_by):
        assert hold_what_missed_its_full_review() == 0
    with at(mended.full_review_by + timedelta(days=1)):
        assert [hold_what_missed_its_full_review() for _run in range(2)] == [1, 0]
    assert read(mended).status_code == 404
    assert AuditEvent.objects.filter(kind="article.full_review_missed").count() == 1
    told = Notification.objects.filter(kind="hold", text__contains="hasn't reviewed it in time")
    assert [row.user.username for row in told] == ["ingrid"]


def test_a_missed_day_is_not_lifted_away(story, mended):
    with at(mended.full_review_by + timedelta(days=1)):
        hold_what_missed_its_full_review()
        story.now = clock.now()
        proof = story.proof("ingrid")
        with pytest.raises(Refused, match="full panel's review of this urgent version is overdue"):
            workflow.lift(mended, actor=story.people["ingrid"], now=story.now, reason="It was right.", proof=proof)


def test_verify_finds_one_that_stays_up_too_long(story, mended):
    with at(mended.full_review_by + timedelta(days=1)):
        assert "the full panel's review was due by" in found()["quorums"][0][1]


def test_verify_finds_one_that_hides_what_it_owes(story, mended):
    tamper("UPDATE articles_article SET full_review_by = NULL WHERE id = %s", mended.pk)
    assert "by when the full panel" in found()["quorums"][0][1]
