"""A withdrawn signature counts no more: in a round that runs, and under a page that readers have."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction

from articles import lifecycle
from articles.models import Article, PublicPage
from editorial import clock
from editorial.conditions import Refused
from editorial.models import AuditEvent, BoardMember, Notification, User
from reviews import decisions, desk, workflow
from reviews.demo.cast import PASSWORD
from reviews.models import ReviewAssignment, Signature, SignatureVoided
from reviews.tasks import hold_what_lost_its_quorum
from tests.desk import Person
from tests.editorial.test_verify import found, tamper
from tests.reviews.later import asked_again, current, hold, read, void

SENTENCE = "One of the signatures under this version was withdrawn on"


def signature_of(username: str) -> Signature:
    return Signature.objects.filter(signer__username=username).latest("pk")


def url_of(username: str, name: str = "void") -> str:
    return f"/admin/signatures/{signature_of(username).pk}/{name}/"


def send(person: str, username: str, name: str = "void", **values):
    """The form as an attacker would send it, whether the page offers it or not."""
    article = signature_of(username).round.article
    given = {"reason": "I misread it.", "password": PASSWORD, "request_id": "0" * 32, "stamp": article.stamp, **values}
    return Person(person).client.post(url_of(username, name), given)


def struck_off(story, username: str) -> None:
    member = BoardMember.objects.get(user=story.people[username])
    workflow.strike_off(member, actor=story.people["ingrid"], now=story.tick(), reason="A false licence.")


# Under a live page


def test_the_page_says_so_and_names_that_reviewer_no_more(story):
    article = story.published()
    assert "Claire Dubois" in PublicPage.objects.get().review_line
    article = void(story, article, "claire")

    page = read(article).text
    assert SENTENCE in page
    assert "Approved by our medical board" not in page
    assert "2 March 2026" in page
    assert "Withdrawn on 2 March 2026: this signature counts no more." in page
    assert PublicPage.objects.get().review_line.startswith("Ravi Menon")
    assert "Medically reviewed by" in page
    assert (article.quorum_lost_at, current(article).status) == (story.now, "live")


def test_the_editor_and_the_chiefs_are_told_and_the_desk_lists_it(story):
    article = void(story, story.published(), "claire")
    told = Notification.objects.filter(text__contains="lost its quorum")
    assert sorted(row.user.username for row in told) == ["ingrid", "tom"]
    assert list(desk.quorum_lost()) == [article]
    tom = Person("tom").client
    assert "Quorum lost" in tom.get("/admin/").text
    assert "This page lost its quorum on 2 March 2026" in tom.get(f"/admin/articles/article/{article.pk}/change/").text
    assert AuditEvent.objects.filter(kind="article.quorum_lost").count() == 1


def test_a_page_with_signatures_to_spare_loses_nothing(story):
    round = story.round("claire", "ravi", "eva")
    for name in ("claire", "ravi", "eva"):
        story.sign(round, name)
    article = void(story, story.confirm(round.article), "eva")
    # Her seat was required, and its verdict is gone: the house asks for every required seat's.
    assert decisions.lacking_today(current(article)) == ("the verdict of 1 required seat",)
    assert article.quorum_lost_at == story.now


def test_the_editors_confirmation_can_be_withdrawn_too(story):
    article = story.published()
    article = void(story, article, "tom")
    assert decisions.lacking_today(current(article)) == ("the editor's confirmation",)
    assert "Medically reviewed by" in read(article).text


def test_it_can_be_confirmed_again_by_the_board(story):
    article = void(story, story.published(), "claire")
    round = asked_again(story, article, "claire", "ravi")
    assert SENTENCE in read(article).text
    story.sign(round, "claire")
    story.sign(round, "ravi")
    article = story.confirm(Article.objects.get())
    assert article.quorum_lost_at is None
    assert SENTENCE not in read(article).text
    assert list(desk.quorum_lost()) == []
    assert found() == {}


def test_the_row_of_a_withdrawn_signature_stays_and_cannot_be_taken_back(story):
    void(story, story.published(), "claire")
    assert signature_of("claire").shown_name == "Claire Dubois"
    with pytest.raises(DatabaseError), transaction.atomic():
        SignatureVoided.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        SignatureVoided.objects.update(reason="Nothing.")


# The clock


def lost(story) -> Article:
    """Live without a quorum since this very moment, by the real clock."""
    article = story.published()
    return void(story, article, "claire", at=clock.now())


def test_after_14_days_the_clock_takes_it_off_the_site_once(story):
    article = lost(story)
    since = article.quorum_lost_at
    with time_machine.travel(since + timedelta(days=14) - timedelta(seconds=1), tick=False):
        assert hold_what_lost_its_quorum() == 0
    assert read(article).status_code == 200
    with time_machine.travel(since + timedelta(days=14), tick=False):
        assert [hold_what_lost_its_quorum() for _run in range(2)] == [1, 0]
    page = read(article)
    assert page.status_code == 404
    assert "temporarily withdrawn" in page.text
    for kind in ("article.quorum_not_regained", "publication.hold"):
        event = AuditEvent.objects.get(kind=kind)
        assert f'"actor":"{User.system().uuid}"' in event.body
        assert "14 days ago" in event.body
    assert Notification.objects.filter(kind="hold").count() == 1


def test_a_clock_that_stood_still_catches_up(story):
    article = lost(story)
    with time_machine.travel(article.quorum_lost_at + timedelta(days=100), tick=False):
        assert hold_what_lost_its_quorum() == 1


def test_what_was_held_by_hand_or_confirmed_since_is_left_alone(story):
    article = lost(story)
    since = article.quorum_lost_at
    hold(story, article)
    with time_machine.travel(since + timedelta(days=20), tick=False):
        assert hold_what_lost_its_quorum() == 0


def test_nobody_but_the_clock_uses_its_hold(story, people):
    article = story.published()
    with pytest.raises(Refused, match="Only the clock"):
        lifecycle.hold_by_clock(article, actor=people["tom"], now=story.tick(), reason="x", cause="x")


def test_a_held_page_without_its_signatures_is_not_lifted(story, people):
    article = hold(story, lost(story))
    with pytest.raises(Refused, match="signatures don't stand any more"):
        workflow.lift(
            article, actor=people["ingrid"], now=story.tick(), reason="It was right.", proof=story.proof("ingrid")
        )


# Verification


def test_verify_lets_a_page_stand_for_14_days_that_says_what_it_lost(story):
    article = lost(story)
    assert found() == {}
    with time_machine.travel(article.quorum_lost_at + timedelta(days=14), tick=False):
        assert "live without a standing quorum" in found()["quorums"][0][1]


def test_verify_believes_no_page_that_says_so_without_a_withdrawn_signature(story):
    story.published()
    tamper("UPDATE articles_article SET quorum_lost_at = %s", clock.now())
    assert "which stands" in found()["quorums"][0][1]


def test_verify_finds_a_page_that_hides_what_it_lost(story):
    lost(story)
    tamper("UPDATE articles_article SET quorum_lost_at = NULL WHERE id > %s", 0)
    problems = found()
    assert "live without a standing quorum" in problems["quorums"][0][1]
    assert any("main_html" in said for _row, said in problems["pages"])


def test_verify_finds_a_withdrawal_that_nobody_recorded(story):
    story.published()
    signature = signature_of("claire")
    SignatureVoided.objects.create(signature=signature, by=signature.signer, reason="x", at=clock.now())
    assert {"audit chain", "quorums", "pages"} == set(found())


# In a round that runs


def test_the_seat_owes_its_review_again_with_the_whole_time_for_it(story):
    round = story.round()
    story.sign(round, "claire")
    story.now += timedelta(days=5)
    before = story.seat(round, "claire")
    void(story, round.article, "claire")

    seat = story.seat(round, "claire")
    assert (seat.state, seat.ended_at, seat.due_version) == ("accepted", None, before.due_version + 1)
    assert seat.review_on == before.review_on + timedelta(days=5)
    assert decisions.decision_of(round).approvals == 0
    assert seat in ReviewAssignment.objects.owed()
    article = story.sign(round, "ravi")
    with pytest.raises(Refused, match="The quorum doesn't stand yet"):
        story.confirm(article)


def test_the_member_may_sign_again(story):
    round = story.round()
    story.sign(round, "claire")
    void(story, round.article, "claire")
    story.sign(round, "claire")
    story.confirm(story.sign(round, "ravi"))
    assert current(round.article).status == "live"
    assert [s["name"] for s in current(round.article).evidence["signatures"]].count("Claire Dubois") == 1
    assert found() == {}


def test_an_editor_may_release_the_seat_instead(story):
    round = story.round()
    story.sign(round, "claire")
    void(story, round.article, "claire")
    seat = story.seat(round, "claire")
    workflow.release(round.article, actor=story.people["tom"], now=story.tick(), assignment=seat, reason="Gone.")
    assert story.seat(round, "claire").state == "released"


def test_the_seat_of_somebody_who_left_the_board_ends(story):
    round = story.round()
    story.sign(round, "claire")
    struck_off(story, "claire")
    void(story, round.article, "claire", by="ingrid")
    assert story.seat(round, "claire").state == "released"
