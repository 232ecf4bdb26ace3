"""What the desk's search finds among a member's own seats; nobody else's."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial import clock, searching
from editorial.roles import is_board
from editorial.searching import EACH, Finder, Group, Hit
from reviews.models import ReviewAssignment
from reviews.states import AssignmentState


def _seats(request: HttpRequest, query: str) -> Group:
    rows = ReviewAssignment.objects.readable_by(request.user).select_related("round__article").defer("round__snapshot")
    for word in searching.few_words(query).split():
        rows = rows.filter(round__article__title__icontains=word)
    found, more = searching.cut(rows.order_by("-assigned_at", "-pk")[: EACH + 1])
    return Group("reviews", _("Your reviews"), [_hit(seat) for seat in found], more)


def _hit(seat: ReviewAssignment) -> Hit:
    values = {"number": seat.round.number, "day": clock.shown(seat.review_on)}
    meta = _("round %(number)s, due %(day)s") % values if seat.is_open else _("round %(number)s") % values
    return Hit(seat.round.article.title, seat.get_absolute_url(), meta, _badge(seat))


def _badge(seat: ReviewAssignment) -> dict[str, str]:
    if seat.state == AssignmentState.COMPLETED:
        return {"kind": "good", "label": _("signed")}
    if not seat.round.is_open:
        return {"kind": "plain", "label": _("round ended")}
    if seat.is_overdue(clock.now()):
        return {"kind": "bad", "label": _("overdue")}
    return {"kind": "info", "label": _("waits for you")}


searching.add_finder(
    Finder(
        "reviews",
        _seats,
        gettext_lazy("a text that you review or reviewed"),
        lambda request: is_board(request.user),
        weight=5,
    )
)
