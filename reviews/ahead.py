"""What verification asks of each publication, read for a hundred of them at once.

One by one, a version takes some fifteen queries, of which the ORM writes each anew. A publication whose stored values
can't be read is left out here: whoever asks about it alone is told why.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from articles import source_alerts
from articles.models import Publication, PublicPage
from articles.projection import members, notices, pages, passages, topics
from editorial.once import asking_once, know
from reviews import decisions, signers, standing
from reviews.reminders.owed import batches

AT_ONCE = 100
"""Publications; each holds its texts."""


def each(
    rows: Iterator[Publication],
    read: Callable[[Sequence[Publication]], None],
    check: Callable[[Publication], Sequence[Any]],
) -> Iterator[Any]:
    """What ``check`` finds in each of ``rows``, whose answers ``read`` has read before.

    Where one of them throws, what was found before it is told first.
    """
    for some in batches(rows, AT_ONCE):
        found: list[Any] = []
        try:
            with asking_once():
                read(some)
                for publication in some:
                    found.extend(check(publication))
        except Exception:  # whatever a tampered row may raise: thrown on once what was found before it is told
            yield from found
            raise
        yield from found


def of_quorums(publications: Sequence[Publication]) -> None:
    """The approved rounds of their articles, with all that the quorum is judged by."""
    approved = decisions.approved_rounds_of_each({publication.article_id for publication in publications})
    for article, its_rounds in approved.items():
        know(decisions.approved_rounds, article, its_rounds)
    rounds = [round for its_rounds in approved.values() for round in its_rounds]
    for question, answers in (
        (decisions.seats_of, decisions.seats_of_each(rounds)),
        (decisions.reviews_of, decisions.reviews_of_each(rounds)),
        (decisions.confirmations_of, decisions.confirmations_of_each(rounds)),
        (decisions.objections_to, decisions.objections_to_each(rounds)),
    ):
        for round in rounds:
            know(question, round, answers[round.pk])


def of_pages(publications: Sequence[Publication]) -> None:
    """The reader's rows, and what they are held against."""
    readable = [publication for publication in publications if _is_readable(publication)]
    for question, about, answers in (
        (notices.of, publications, notices.of_each(publications)),
        (source_alerts.alerted_by, publications, source_alerts.alerted_by_each(publications)),
        (standing.withdrawn_from, readable, standing.withdrawn_from_each(readable)),
        (signers.of, readable, signers.of_each(readable)),
    ):
        for publication, answer in zip(about, answers, strict=True):
            know(question, publication, answer)
    rows = {row.publication_id: row for row in PublicPage.objects.filter(publication__in=publications)}
    for publication in publications:
        know(pages.row_of, publication, rows.get(publication.pk))
    _of_rows(list(rows.values()))


def _of_rows(rows: Sequence[PublicPage]) -> None:
    ties, standing_passages = topics.ties_of_each(rows), passages.standing_of_each(rows)
    named = members.named_on_each(rows)
    for row in rows:
        know(topics.ties_of, row, ties[row.pk])
        know(passages.standing_of, row, standing_passages[row.pk])
        know(members.named_on, row, named[row.pk])


def _is_readable(publication: Publication) -> bool:
    try:
        return all(isinstance(s["id"], int) and "verdict" in s for s in publication.evidence["signatures"])
    except (KeyError, TypeError):
        return False
