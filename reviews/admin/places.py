"""What the sidebar shows of the process: a member's reviews, the editors' queue, and what waits there."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from editorial import tallies
from editorial.admin.places import address, of_list, of_page
from editorial.models import User
from editorial.navigation import Place, add_places
from editorial.prepared import Rows
from editorial.roles import is_board, is_chief, is_editor
from reviews import desk
from reviews.models import ReminderRule
from reviews.queue import counting
from reviews.queue.named import BY_NAME

OWED = "owed"
VIEWS = (
    ("overdue", "clock"),
    ("decide", "decide"),
    ("triage", "inbox"),
    ("panel", "people"),
    ("objection", "trouble"),
    ("on-hold", "trouble"),
)
"""Views and their icons."""

ONLY_TROUBLES = ("objection", "on-hold")
"""Of these, what stands there only while there is any."""


def _tally(user: User, now: datetime) -> Rows:
    rows: Rows = {}
    if is_board(user):
        rows |= {OWED: desk.reviews_of(user).select_related(None).order_by()}
    if is_editor(user):
        at = counting.everywhere(now)
        rows |= {name: BY_NAME[name].seen_by(user, at) for name, _icon in VIEWS}
    return rows


def _places(request: HttpRequest, counts: Mapping[str, int]) -> Iterator[Place]:
    if is_board(request.user):
        yield from _of_a_member(counts)
    if is_editor(request.user):
        yield from _of_an_editor(counts)
        yield of_page("house", _("Metrics"), "metrics", "chart", weight=10)
        yield from of_list(request, "house", _("Reminder rules"), ReminderRule, "bell", weight=25)
    if is_chief(request.user):
        yield of_page("board", _("Signatures to check"), "struck_off", "pen", weight=25)


def _of_a_member(counts: Mapping[str, int]) -> Iterator[Place]:
    owed = f"{address('index')}#your-reviews"
    within = ("/admin/reviews/", "/admin/objections/")
    yield Place("reviews", _("Waiting for you"), owed, "pen", tallies.beside(counts[OWED]), within=within, weight=10)
    yield of_page("reviews", _("By year"), "my_reviews", "chart", weight=20)
    yield of_page("reviews", _("Your signatures"), "signatures", "seal", weight=30)


def _of_an_editor(counts: Mapping[str, int]) -> Iterator[Place]:
    queue = address("queue")
    yield Place("queue", _("Everything open"), queue, "list", within=("/admin/remind/",), weight=10)
    for weight, (name, icon) in enumerate(VIEWS, start=30):
        view = BY_NAME[name]
        if counts[name] or name not in ONLY_TROUBLES:
            url = f"{queue}?view={name}"
            yield Place("queue", view.label, url, icon, tallies.beside(counts[name]), view.trouble, weight=weight)


tallies.add_tallies(_tally)
add_places(_places)
