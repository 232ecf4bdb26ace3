"""What verification asks of each publication, read for a hundred of them at once.

One by one, a version takes some fifteen queries, of which the ORM writes each anew. A publication whose stored values
can't be read is left out here: whoever asks about it alone is told why.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from articles import source_alerts
from articles.models import Notice, Publication, PublicPage
from articles.projection import members, notices, pages, passages, topics
from editorial.once import asking_once, know
from reviews import decisions, signers, standing
from reviews.models import Objection, Review, ReviewAssignment, ReviewRound, Signature
from reviews.quorum import Seat
from reviews.reminders.owed import batches
from reviews.states import RoundOutcome

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
        except Exception:
            yield from found
            raise
        yield from found


def of_quorums(publications: Sequence[Publication]) -> None:
    """The approved rounds of their articles, with all that the quorum is judged by."""
    articles = {publication.article_id for publication in publications}
    approved = ReviewRound.objects.filter(article__in=articles, outcome=RoundOutcome.APPROVED).defer("snapshot")
    rounds = list(approved)
    _know(decisions.approved_rounds, articles, ((round.article_id, round) for round in rounds))
    seats = ReviewAssignment.objects.filter(round__in=rounds)
    given = seats.values_list("round_id", "member_id", "seat", "state")
    by_round = ((round, Seat(member=member, kind=kind, state=state)) for round, member, kind, state in given)
    _know(decisions.seats_of, rounds, by_round)
    reviews = Review.objects.filter(round__in=rounds)
    reviews = reviews.select_related("signature__voided", "carried_from__signature__voided")
    _know(decisions.reviews_of, rounds, ((review.round_id, review) for review in reviews))
    confirmations = Signature.objects.filter(round__in=rounds, review=None, voided=None, standing__act="confirm")
    _know(decisions.confirmations_of, rounds, ((signature.round_id, signature) for signature in confirmations))
    open_ones = (
        Objection.objects.filter(article__in=articles).still_open().values_list("article", "review__round__number")
    )
    raised = list(open_ones)
    for round in rounds:
        counted = sum(article == round.article_id and number <= round.number for article, number in raised)
        know(decisions.objections_to, round, counted)


def of_pages(publications: Sequence[Publication]) -> None:
    """The reader's rows, and what they are held against."""
    issued = Notice.objects.filter(publication__in=publications).order_by("-issued_at")
    _know(notices.of, publications, ((notice.publication_id, notice) for notice in issued))
    for publication, alerted in zip(publications, source_alerts.alerted_by_each(publications), strict=True):
        know(source_alerts.alerted_by, publication, alerted)
    readable = [publication for publication in publications if _is_readable(publication)]
    for question, answers in (
        (standing.withdrawn_from, standing.withdrawn_from_each(readable)),
        (signers.of, signers.of_each(readable)),
    ):
        for publication, answer in zip(readable, answers, strict=True):
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


def _know(question: Callable[[Any], Any], abouts: Any, found: Any) -> None:
    """Answer ``question`` about each with the list of what was found for its number; an empty one for nothing."""
    by_pk: defaultdict[int, list[Any]] = defaultdict(list)
    for pk, row in found:
        by_pk[pk].append(row)
    for about in abouts:
        know(question, about, by_pk[about if isinstance(about, int) else about.pk])


def _is_readable(publication: Publication) -> bool:
    try:
        return all(isinstance(s["id"], int) and "verdict" in s for s in publication.evidence["signatures"])
    except (KeyError, TypeError):
        return False
