"""News inside the desk: what a person hasn't read yet, and marking it read. Nobody meets another's here."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db.models import QuerySet

from editorial import registry, tallies
from editorial.models import Notification, User
from editorial.roles import is_board, is_editor

MOST = 99
"""Beyond it the count is shown as “99+”."""

UNREAD = "unread"


def unread(user: User, counts: Callable[[], Mapping[str, int]] | None = None) -> str:
    """How many, as the header shows it; empty for none. One query, which stops counting at ``MOST``.

    A page that has ``counts`` of its own asks them. An editor who also sits on panels isn't told the number of what
    they may not read yet: that costs some more.
    """
    hidden = _hidden_from(user)
    if counts is None or hidden:
        count = _rows(user).exclude(path__in=hidden).values("pk")[: MOST + 1].count()
    else:
        count = counts()[UNREAD]
    return f"{MOST}+" if count > MOST else str(count or "")


def _hidden_from(user: User) -> frozenset[str]:
    return registry.paths_hidden_from(user) if is_editor(user) and is_board(user) else frozenset()


def _rows(user: User) -> QuerySet[Notification]:
    return Notification.objects.filter(user=user, read_at=None).order_by()


def shown_to(user: User) -> tuple[QuerySet[Notification], bool]:
    """What this person may read now, and whether some of it waits until they have signed.

    Whoever judges a text doesn't read here what others did there, even where they were told before they were asked.
    """
    rows, hidden = Notification.objects.filter(user=user), registry.paths_hidden_from(user)
    return rows.exclude(path__in=hidden), bool(hidden) and rows.filter(path__in=hidden).exists()


def mark_read(user: User, pk: int, *, now: datetime) -> Notification | None:
    """The notification, read from now on; None where this person has none of that number."""
    rows = shown_to(user)[0].filter(pk=pk)
    rows.filter(read_at=None).update(read_at=now)
    return rows.first()


def mark_all_read(user: User, *, upto: int, now: datetime) -> int:
    """Mark what the page showed, and everything before it: what came in since then stays unread."""
    return shown_to(user)[0].filter(pk__lte=upto, read_at=None).update(read_at=now)


tallies.add_tallies(lambda user, _now: {UNREAD: _rows(user)[: MOST + 1]})
