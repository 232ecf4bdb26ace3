"""A member's own list of the reviews of a year: theirs alone, without verdicts, with the titles that they read."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group

from articles.models import Article
from editorial.models import BoardMember
from reviews import workflow
from reviews.metrics import mine
from reviews.models import Review
from reviews.states import VerdictKind
from tests.reviews.later import void

URL = "/admin/reviews/mine/2026/"


@pytest.fixture
def now_is(monkeypatch, story):
    monkeypatch.setattr("editorial.clock.now", lambda: story.now)


def lines(story, username: str = "claire", year: int = 2026) -> list[mine.Signed]:
    return mine.signed_in(BoardMember.objects.select_related("user").get(user__username=username), year)


@pytest.mark.sqlite
def test_a_member_finds_what_they_signed_with_the_day_in_their_own_zone(story, sign_in, now_is):
    story.published(title="How low?")
    page = sign_in("claire").get(URL).text
    assert "signed 1 review for the editorial board in 2026, up to 2 March 2026." in " ".join(page.split())
    assert "How low?" in page
    (line,) = lines(story)
    assert (line.title, line.specialty, line.kind, line.public) == ("How low?", "Cardiology", "new article", True)


@pytest.mark.sqlite
def test_a_year_is_one_of_the_members_zone(story):
    """Claire lives in Paris and Ravi in Kolkata, where the year begins 23:00 and 18:30 UTC the evening before."""
    story.now = datetime(2025, 12, 31, 18, 0, tzinfo=UTC)
    round = story.round()
    story.now = datetime(2025, 12, 31, 20, 0, tzinfo=UTC)
    story.sign(round, "claire")
    story.sign(round, "ravi")
    assert [len(lines(story, name, year)) for name in ("claire", "ravi") for year in (2025, 2026)] == [1, 0, 0, 1]
    members = {name: story.people[name].board_member for name in ("claire", "ravi")}
    assert {name: mine.years_of(member) for name, member in members.items()} == {"claire": [2025], "ravi": [2026]}


def test_nobody_sees_anothers_list_and_whoever_is_no_member_has_none(story, sign_in, now_is):
    story.published(title="How low?")
    assert "How low?" not in sign_in("ana").get(URL).text
    for name in ("tom", "ingrid", "nora"):
        for address in (URL, "/admin/reviews/mine/", "/admin/reviews/mine/2026.csv"):
            assert sign_in(name).get(address).status_code == 404


def test_the_way_there_stands_in_a_members_menu(story, sign_in, now_is):
    link = 'href="/admin/reviews/mine/"'
    assert link in sign_in("claire").get("/admin/").text
    assert link not in sign_in("tom").get("/admin/").text
    assert sign_in("claire").get("/admin/reviews/mine/")["Location"] == URL


@pytest.mark.parametrize("year", ["0", "1989", "2201", "99999999999999999999", "20x6", "-1"])
def test_a_year_that_cannot_be_is_missing(people, sign_in, year):
    assert sign_in("claire").get(f"/admin/reviews/mine/{year}/").status_code == 404
    assert sign_in("claire").get(f"/admin/reviews/mine/{year}.csv").status_code == 404


def test_a_year_without_reviews_says_so(people, sign_in, now_is):
    page = sign_in("claire").get("/admin/reviews/mine/2024/").text
    assert "You signed no review in 2024." in page


def test_the_title_is_the_one_that_was_read_not_what_became_of_it(story):
    article = story.published(title="How low?")
    story.revised(article, title="How low, for everybody?")
    assert Article.objects.get(pk=article.pk).title == "How low, for everybody?"
    assert [line.title for line in lines(story)] == ["How low?"]


def test_what_readers_do_not_have_is_marked(story, sign_in, now_is):
    story.sign(story.round(), "claire", VerdictKind.CHANGES_NEEDED, comment="Say more.")
    assert [line.public for line in lines(story)] == [False]
    assert "not published" in sign_in("claire").get(URL).text


def test_no_verdict_or_comment_stands_on_the_list_or_in_the_file(story, sign_in, now_is):
    story.sign(story.round(), "claire", VerdictKind.SAFETY_OBJECTION, comment="Canary comment.")
    client = sign_in("claire")
    for address in (URL, "/admin/reviews/mine/2026.csv"):
        text = client.get(address).content.decode().casefold()
        assert "objection" not in text
        assert "canary" not in text


def test_a_review_signed_twice_counts_once(story):
    round = story.round()
    story.sign(round, "claire")
    story.now += timedelta(days=2)
    story.sign(round, "claire", VerdictKind.APPROVE_WITH_SUGGESTIONS, comment="A comma.")
    assert [line.on.day for line in lines(story)] == [4]


def test_a_carried_signature_is_no_second_review(story):
    round = story.round()
    story.sign(round, "claire")
    workflow.withdraw(round.article, actor=story.people["tom"], now=story.tick(), reason="By mistake.")
    article = story.triaged(Article.objects.get(pk=round.article_id))
    ravi, carry = [story.people["ravi"].board_member], [Review.objects.get()]
    workflow.open_round(article, actor=story.people["tom"], now=story.tick(), members=ravi, carry=carry)
    assert Review.objects.count() == 2
    assert len(lines(story)) == 1


def test_a_withdrawn_signature_stays_on_the_list_and_is_not_counted(story, sign_in, now_is):
    void(story, story.published())
    page = sign_in("claire").get(URL).text
    assert "signed 0 reviews" in page
    assert "signature withdrawn, not counted" in page


def test_the_file_holds_the_list(story, sign_in, now_is):
    story.published(title="=1+1?")
    answer = sign_in("claire").get("/admin/reviews/mine/2026.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="reviews-2026.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert rows[1] == ["2026-03-02", "'=1+1?", "Cardiology", "new article", "yes", "no"]


def test_somebody_who_left_the_board_keeps_what_they_did(story, sign_in, now_is, people):
    story.published(title="How low?")
    people["claire"].groups.set([Group.objects.get(name="author")])
    assert "How low?" in sign_in("claire").get(URL).text


def test_it_costs_the_same_however_many_reviews_there_are(story, sign_in, now_is, django_assert_num_queries):
    client = sign_in("claire")
    client.get(URL)
    story.published(title="First?")
    with django_assert_num_queries(7):
        client.get(URL)
    story.published(title="Second?")
    story.published(title="Third?")
    with django_assert_num_queries(7):
        client.get(URL)
