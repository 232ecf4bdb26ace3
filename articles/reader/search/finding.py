"""Finds what answers a question: asks the database for passages, lets ``ranking`` judge them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType

from django.db import connection

from articles.models import SearchEntry
from articles.reader.search import engine, postgres, questions, ranking, spelling, sqlite
from articles.reader.search.questions import Question
from articles.reader.search.ranking import Ranked, Slot

MOST_PASSAGES = 400
"""Passages that are judged for one question."""

ENOUGH_TO_JUDGE = 2_000
"""Passages with the rarest terms of a question; common terms aren't looked for beyond."""

MOST_MISTYPED = 5
NEAR_THE_BEST, LEAST = 0.4, 0.12
"""What scores less than this part of the best isn't shown, nor what speaks of less than this part of the question."""


@dataclass(frozen=True)
class Found:
    """``asked`` is the question as it was typed, ``meant`` what was looked for. ``articles``: from the best on."""

    asked: str
    meant: Question
    weighed: Mapping[Slot, float] = field(default_factory=dict)
    articles: Sequence[Ranked] = ()

    @property
    def is_mended(self) -> bool:
        return self.meant.text != self.asked

    @property
    def answers(self) -> list[Ranked]:
        return [each for each in self.articles if each.answers]


def database() -> ModuleType:
    """The engine for the database in use."""
    return postgres if connection.vendor == "postgresql" else sqlite


def find(text: str, *, audience: str = "", reading: str = "") -> Found:
    """Three queries, and two more where a word was mistyped; none for a question that says nothing.

    ``audience``: passages of others' texts don't count. ``reading``: the slug of the article somebody comes from.
    """
    question = questions.read(text)
    if not question.slots:
        return Found(question.text, question)
    asked = question.text
    counts, total, beyond = database().counts(question.terms)
    if wrong := spelling.unknown(question, counts)[:MOST_MISTYPED]:
        known = spelling.words_in(database().like([word.casefold() for word in wrong]))
        mended = questions.read(spelling.mended(asked, wrong, known))
        if mended.text != asked:
            question = mended
            counts, total, beyond = database().counts(question.terms)
    everywhere = {term for term, count in counts.items() if count >= engine.EVERYWHERE}
    counts = {term: min(count, engine.MOST_COUNTED) for term, count in counts.items()}
    weighed = ranking.weights(question, counts, total)
    terms = _looked_for(question, counts)
    if not terms:
        return Found(asked, question, weighed)
    passages = engine.candidates(database().matching(terms, MOST_PASSAGES, everywhere.intersection(terms), beyond))
    chosen = [each for each in passages if not audience or each.audience in ("", audience)]
    articles = ranking.ranked(chosen, weighed, reading=reading)
    best = articles[0].score if articles else 0
    near = [each for each in articles if each.score >= NEAR_THE_BEST * best and each.covered >= LEAST]
    return Found(asked, question, weighed, near)


def _looked_for(question: Question, counts: Mapping[str, int]) -> list[str]:
    """The rarest terms, until enough passages have one of them."""
    terms: list[str] = []
    enough = 0
    for term in sorted((term for term in question.terms if counts.get(term)), key=lambda term: (counts[term], term)):
        if enough >= ENOUGH_TO_JUDGE:
            break
        terms.append(term)
        enough += counts[term]
    return terms


def audiences_of(slugs: Sequence[str]) -> dict[str, set[str]]:
    """For whom each article has a text. One query."""
    found: dict[str, set[str]] = {slug: set() for slug in slugs}
    rows = SearchEntry.objects.filter(page__slug__in=slugs, page__is_listed=True, position=1)
    for slug, audience in rows.values_list("page__slug", "audience"):
        found[slug].add(audience)
    return found


def entries(pks: Sequence[int]) -> dict[int, SearchEntry]:
    """The passages themselves. One query."""
    return SearchEntry.objects.in_bulk(list(pks))
