"""Which of the articles found are shown, and how many there would be under each other choice. Pure of the database."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta

from articles.reader.search.ranking import Ranked

A_YEAR = timedelta(days=365)
YEAR, OVERDUE = "year", "overdue"
MOST_TOPICS = 12


@dataclass(frozen=True)
class Narrowing:
    """What is asked for beside the question; empty: everything."""

    topic: str = ""
    audience: str = ""
    fresh: str = ""

    def without(self, name: str) -> "Narrowing":
        return replace(self, **{name: ""})


@dataclass(frozen=True)
class Facets:
    """Pairs of value and number for each choice; a topic with its name."""

    topics: list[tuple[str, str, int]]
    audiences: dict[str, int]
    fresh: dict[str, int]


def narrowed(
    found: Sequence[Ranked], wanted: Narrowing, audiences: Mapping[str, Set[str]], today: date
) -> list[Ranked]:
    return [each for each in found if _fits(each, wanted, audiences, today)]


def facets(found: Sequence[Ranked], wanted: Narrowing, audiences: Mapping[str, Set[str]], today: date) -> Facets:
    """Each choice is counted under the other choices that are made."""
    topics: Counter[tuple[str, str]] = Counter()
    for each in narrowed(found, wanted.without("topic"), audiences, today):
        topics.update((topic["slug"], topic["name"]) for topic in each.page["topics"])
    for_whom: Counter[str] = Counter()
    for each in narrowed(found, wanted.without("audience"), audiences, today):
        for_whom.update(audiences.get(each.slug, ()))
    fresh: Counter[str] = Counter()
    for each in narrowed(found, wanted.without("fresh"), audiences, today):
        fresh.update(_freshness(each, today))
    shown = sorted(topics.items(), key=lambda item: (-item[1], item[0][1]))
    kept = shown[:MOST_TOPICS] + [item for item in shown[MOST_TOPICS:] if item[0][0] == wanted.topic]
    return Facets([(slug, name, count) for (slug, name), count in kept], dict(for_whom), dict(fresh))


def _fits(each: Ranked, wanted: Narrowing, audiences: Mapping[str, Set[str]], today: date) -> bool:
    return (
        (not wanted.topic or any(topic["slug"] == wanted.topic for topic in each.page["topics"]))
        and (not wanted.audience or wanted.audience in audiences.get(each.slug, ()))
        and (not wanted.fresh or wanted.fresh in _freshness(each, today))
    )


def _freshness(each: Ranked, today: date) -> list[str]:
    reviewed, due = each.page["last_reviewed"], each.page["next_review_due"]
    recent = [YEAR] if reviewed is not None and reviewed >= today - A_YEAR else []
    return recent + ([OVERDUE] if due is not None and due < today else [])
