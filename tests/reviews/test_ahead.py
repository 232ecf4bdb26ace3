"""Verification reads ahead: it finds what it would find of each version alone, and asks no more often for many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import lifecycle, source_alerts
from articles.models import Article, Publication, PublicNotice, PublicPage, PublicPageTopic, Reference, SearchEntry
from editorial.once import asking_once, know
from reviews import ahead, decisions, verification
from reviews.models import ReviewRound
from reviews.states import VerdictKind
from tests.editorial.test_guards import unguarded
from tests.reviews.later import asked_again, current, hold, typographic, urgent, void


@pytest.fixture
def house(story) -> dict[str, Article]:
    """Articles that came to readers in every way."""
    made = {
        name: story.published(title=f"{name}?") for name in ("plain", "typed", "mended", "doubted", "held", "ended")
    }
    typographic(story, made["typed"])
    urgent(story, made["mended"])
    void(story, made["doubted"])
    hold(story, made["held"])
    story.tick()
    ingrid = {"actor": story.people["ingrid"], "now": story.now, "proof": story.proof("ingrid")}
    lifecycle.retract(made["ended"], notice="Made up.", **ingrid)
    return made


def alone() -> list[verification.Problem]:
    rows = Publication.objects.select_related("article")
    return sorted({problem for row in rows for problem in verification.of_publication(row)}, key=str)


def at_once() -> list[verification.Problem]:
    return sorted({*verification.digests(), *verification.quorums(), *verification.pages()}, key=str)


def spoil(house: dict[str, Article]) -> None:
    """Something of most kinds that are read ahead, each elsewhere."""
    page = {name: PublicPage.objects.filter(publication__article=article) for name, article in house.items()}
    page["plain"].update(short_answer="Another answer.")
    page["typed"].filter(number=1).delete()
    PublicPageTopic.objects.filter(publicpage__in=page["held"].values("pk")).delete()
    page["mended"].get(number=2).reviewed_by.clear()
    SearchEntry.objects.filter(page__in=page["typed"].values("pk")).first().delete()
    PublicNotice.objects.update(text="Nothing happened.")
    Publication.objects.filter(pk=current(house["doubted"]).pk).update(evidence={})
    Article.objects.filter(pk=house["mended"].pk).update(full_review_by=None)
    ReviewRound.objects.filter(article=house["plain"]).update(digest="0" * 64)


def test_what_is_read_for_many_shows_what_is_read_for_each_alone(house, story, monkeypatch):
    monkeypatch.setattr(ahead, "AT_ONCE", 4)
    monkeypatch.setattr("editorial.clock.now", lambda: story.now)
    assert at_once() == alone() == []
    with unguarded():
        spoil(house)
        found = at_once()
        assert found == alone()
    named = str(found)
    said = (
        "short_answer",
        "missing",
        "reviewed_by",
        "passages",
        "notice ",
        "can't be read",
        "an approved round",
        "urgent",
    )
    assert [words for words in said if words not in named] == []


def test_a_source_that_was_retracted_later_is_told_of_the_versions_that_cite_it(house, story, monkeypatch):
    assert Reference.objects.filter(doi="10.1056/nejmoa1511939").update(status="retracted")
    rows = list(Publication.objects.order_by("pk"))
    each = [source_alerts.alerted_by(row) for row in rows]
    assert source_alerts.alerted_by_each(rows) == each
    assert all(each)
    monkeypatch.setattr("editorial.clock.now", lambda: story.now)
    assert at_once() == alone() != []


def test_open_objections_are_counted_up_to_each_round(story):
    again = asked_again(story, story.published(), "claire")
    story.sign(again, "claire", VerdictKind.SAFETY_OBJECTION, "The dose is tenfold.")
    with unguarded():
        ReviewRound.objects.update(outcome="approved")
        rounds = list(ReviewRound.objects.order_by("number"))
        each = [decisions.objections_to(round) for round in rounds]
        with asking_once():
            ahead.of_quorums(list(Publication.objects.all()))
            with CaptureQueriesContext(connection) as queries:
                assert [decisions.objections_to(round) for round in rounds] == each == [0, 1]
    assert len(queries) == 0


def test_what_was_found_before_a_check_throws_is_told(story):
    rows = [story.published(title=f"{n}?").publications.get() for n in range(2)]

    def throws(publication):
        if publication == rows[1]:
            raise RecursionError
        return ["found"]

    found = ahead.each(iter(rows), lambda some: None, throws)
    assert next(found) == "found"
    with pytest.raises(RecursionError):
        next(found)


@pytest.mark.parametrize("check", [verification.quorums, verification.pages])
def test_many_versions_cost_as_many_queries_as_one(story, check):
    story.published(title="A?")
    few = asked(check)
    for title in ("B?", "C?"):
        story.published(title=title)
    assert asked(check) == few


def asked(check) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert list(check()) == []
    return len(queries)


def test_an_answer_is_known_only_while_questions_are_asked_once(story):
    round = story.round()
    with pytest.raises(RuntimeError):
        know(decisions.seats_of, round, [])
    with asking_once():
        know(decisions.seats_of, round, [])
        assert decisions.seats_of(round) == []
    assert len(decisions.seats_of(round)) == 2
