"""The texts that rounds were about, and those that a member of their panels may compare."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from articles import conditions
from articles.comparing import Text, of_publication
from articles.models import Article, Publication
from articles.states import PublicationStatus
from editorial import clock
from editorial.models import User
from editorial.roles import is_board
from reviews.models import ReviewAssignment, ReviewRound
from reviews.states import AssignmentState

ENDED = (AssignmentState.RELEASED, AssignmentState.EXPIRED)


def texts(article: Article, user: User) -> Iterator[Text]:
    """For whoever sees the article each round's text; for a member those of the rounds that they sit or sat in.

    A member also reads what readers had, since it is what the text was changed from.
    """
    rounds = ReviewRound.objects.filter(article=article).only("number", "opened_at")
    if conditions.may_see(article, user):
        yield from (of_round(round, user) for round in rounds)
        return
    seats = readable(article, user)
    if not seats:
        return
    yield from (of_round(round, user) for round in rounds.filter(pk__in=seats))
    if not article.publications.filter(status=PublicationStatus.REMOVED).exists():
        shown = Publication.objects.filter(article=article, public_page__isnull=False)
        rows = shown.only("number", "status", "published_at")
        yield from (of_publication(publication, user) for publication in rows)


def readable(article: Article, user: User) -> set[int]:
    """Rounds, by key, whose review page this member may open; none of an article that they recused from."""
    if not is_board(user):
        return set()
    held = ReviewAssignment.objects.filter(round__article=article, member__user=user).select_related("round")
    seats = list(held.defer("round__snapshot"))
    if any(seat.state == AssignmentState.RECUSED for seat in seats):
        return set()
    return {
        seat.round_id
        for seat in seats
        if seat.state != AssignmentState.DECLINED
        and not seat.is_waiting_alternate
        and not (seat.round.is_open and seat.state in ENDED)
    }


def of_round(round: ReviewRound, user: User) -> Text:
    rows = ReviewRound.objects.filter(pk=round.pk)
    values = {"number": round.number, "day": clock.shown(clock.day_in(user.zone, round.opened_at))}
    return Text(
        key=f"r{round.number}",
        label=_("Review round %(number)s, %(day)s") % values,
        at=round.opened_at,
        snapshot=lambda: rows.values_list("snapshot", flat=True).get(),
    )
