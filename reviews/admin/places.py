"""What the sidebar shows of the process: a member's reviews, the editors' queue. What waits is counted in one query."""

from collections.abc import Iterator
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.models import ReaderMessage
from editorial import clock
from editorial.admin.places import of_list, of_page
from editorial.navigation import Place, add_places
from editorial.roles import is_board, is_chief, is_editor
from reviews import desk
from reviews.models import ReminderRule
from reviews.queue import counting
from reviews.queue.named import BY_NAME, Moment

OWED, READERS = "owed", "readers"
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


def _places(request: HttpRequest) -> Iterator[Place]:
    counts = _counts(request)
    if is_board(request.user):
        yield from _of_a_member(request, counts)
    if is_editor(request.user):
        yield from _of_an_editor(counts)
        waiting = _shown(counts[READERS])
        yield from of_list(request, "articles", _("From readers"), ReaderMessage, "letter", count=waiting, weight=35)
        yield of_page("house", _("Metrics"), "metrics", "chart", weight=10)
        yield from of_list(request, "house", _("Reminder rules"), ReminderRule, "bell", weight=25)
    if is_chief(request.user):
        yield of_page("board", _("Signatures to check"), "struck_off", "pen", weight=25)


def _counts(request: HttpRequest) -> dict[str, int]:
    """All that the sidebar counts, in one query; none where nothing is."""
    at, rows = Moment(clock.now(), zones=_zones()), {}
    if is_board(request.user):
        rows[OWED] = desk.reviews_of(request.user).select_related(None).order_by()
    if is_editor(request.user):
        rows |= {name: BY_NAME[name].seen_by(request.user, at) for name, _icon in VIEWS}
        rows[READERS] = ReaderMessage.objects.filter(handled_at=None).order_by()
    return counting.of_rows(rows) if rows else {}


@cache
def _zones() -> dict[str, ZoneInfo]:
    """Every zone there is, kept as read: to reckon with all of them is cheaper than to ask which ones matter."""
    return {name: ZoneInfo(name) for name in available_timezones()}


def _of_a_member(request: HttpRequest, counts: dict[str, int]) -> Iterator[Place]:
    owed = f"{reverse('admin:index')}#your-reviews"
    within = ("/admin/reviews/", "/admin/objections/")
    yield Place("reviews", _("Waiting for you"), owed, "pen", _shown(counts[OWED]), within=within, weight=10)
    yield of_page("reviews", _("By year"), "my_reviews", "chart", weight=20)
    yield of_page("reviews", _("Your signatures"), "signatures", "seal", weight=30)


def _of_an_editor(counts: dict[str, int]) -> Iterator[Place]:
    queue = reverse("admin:queue")
    yield Place("queue", _("Everything open"), queue, "list", within=("/admin/remind/",), weight=10)
    for weight, (name, icon) in enumerate(VIEWS, start=30):
        view = BY_NAME[name]
        if counts[name] or name not in ONLY_TROUBLES:
            url = f"{queue}?view={name}"
            yield Place("queue", view.label, url, icon, _shown(counts[name]), view.trouble, weight=weight)


def _shown(count: int) -> str:
    return counting.shown(count) if count else ""


add_places(_places)
