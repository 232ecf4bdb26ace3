"""The port: what a database must be able to do for search. How well something answers is judged elsewhere."""

from collections.abc import Collection, Sequence
from typing import Any, Protocol

from django.db.models import QuerySet

from articles.models import SearchEntry
from articles.reader.search.ranking import Candidate

MOST_COUNTED = 1_000
"""A word that more passages have is common; how common doesn't matter."""

EVERYWHERE = 5_000
"""A word that more passages have is everywhere: it is looked for among the newest passages alone."""

NEWEST = 100_000
"""So many of them: among millions, a word that is everywhere still stands in some two hundred of these."""

MOST_LIKE = 10
"""Texts that are looked through for what a mistyped word was meant to be."""

_COLUMNS = (
    *("pk", "audience", "position", "title", "head_words", "words"),
    *("page__slug", "page__short_answer", "page__review_line"),
    *("page__last_reviewed", "page__next_review_due", "page__topics"),
)


class Engine(Protocol):
    """One of two. Terms are stems and meanings as ``articles.search_words`` makes them: letters and figures alone."""

    def counts(self, terms: Sequence[str]) -> tuple[dict[str, int], int, int]:
        """How many passages have each term, and how many there are, counted no further than some thousands.

        Last the number beyond which the ``NEWEST`` lie.
        """

    def like(self, words: Sequence[str]) -> list[str]:
        """Titles with their short answers in which a word stands that looks like one of ``words``."""

    def matching(
        self, terms: Sequence[str], most: int, everywhere: Collection[str] = (), beyond: int = 0
    ) -> QuerySet[SearchEntry]:
        """The ``most`` passages with any of the terms, those with many in high places first.

        Of the terms ``everywhere`` only those with numbers ``beyond``: else most rows would have to be ranked.
        """


def candidates(found: QuerySet[SearchEntry]) -> list[Candidate]:
    return list(map(_candidate, found.values_list(*_COLUMNS)))


def _candidate(row: Sequence[Any]) -> Candidate:
    pk, audience, position, title, head_words, words, slug, short_answer, line, reviewed, due, topics = row
    return Candidate(
        pk=pk,
        slug=slug,
        audience=audience,
        position=position,
        title=title,
        short_answer=short_answer,
        head_words=frozenset(head_words.split()),
        words=frozenset(words.split()),
        page={"review_line": line, "last_reviewed": reviewed, "next_review_due": due, "topics": topics},
    )
