"""The next round keeps the panel of the last one."""

from dataclasses import dataclass

from django.db.models import F, Q

from articles.models import Article
from reviews.models import ReviewAssignment
from reviews.states import AssignmentState, RoundOutcome, SeatKind


@dataclass(frozen=True)
class Kept:
    """Members of the panel that the last round ended with, by id, and that round's number (0: there is none)."""

    number: int = 0
    required: tuple[int, ...] = ()
    optional: tuple[int, ...] = ()
    alternates: tuple[int, ...] = ()


def kept_panel(article: Article) -> Kept:
    """Whoever signed in the last round, or still held a seat when it closed; nobody after a decision on the text.

    Seats that were given back, expired, or were released one by one aren't kept.
    """
    last = article.rounds.order_by("-number").first()
    if last is None or last.outcome not in (RoundOutcome.CHANGES_REQUESTED, RoundOutcome.WITHDRAWN):
        return Kept()
    to_the_end = Q(state=AssignmentState.RELEASED, ended_at=F("round__closed_at"))
    rows = ReviewAssignment.objects.filter(to_the_end | Q(state=AssignmentState.COMPLETED), round=last)
    found = list(rows.order_by("rank", "pk").values_list("seat", "member_id"))
    required, optional, alternates = (
        tuple(member for seat, member in found if seat == kind)
        for kind in (SeatKind.REQUIRED, SeatKind.OPTIONAL, SeatKind.ALTERNATE)
    )
    return Kept(last.number, required, optional, alternates)
