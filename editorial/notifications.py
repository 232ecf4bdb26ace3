"""News inside the desk: what a person hasn't read yet, and marking it read. Nobody meets another's here."""

from datetime import datetime

from django.db.models import QuerySet

from editorial import registry
from editorial.models import Notification, User
from editorial.roles import is_board, is_editor

MOST = 99
"""Beyond it the count is shown as “99+”."""


def unread(user: User) -> str:
    """How many, as the header shows it; empty for none. One query, which stops counting at ``MOST``.

    An editor who also sits on panels isn't told the number of what they may not read yet: that costs some more.
    """
    judges = is_editor(user) and is_board(user)
    rows = shown_to(user)[0] if judges else Notification.objects.filter(user=user)
    rows = rows.filter(read_at=None).order_by()
    count = rows.values("pk")[: MOST + 1].count()
    return f"{MOST}+" if count > MOST else str(count or "")


def shown_to(user: User) -> tuple[QuerySet[Notification], bool]:
    """What this person may read now, and whether some of it waits until they have signed.

    Whoever judges a text doesn't read here what others did there, even where they were told before they were asked.
    """
    rows, hidden = Notification.objects.filter(user=user), registry.hidden_from(user).paths
    return rows.exclude(path__in=hidden), bool(hidden) and rows.filter(path__in=hidden).exists()


def mark_read(user: User, pk: int, *, now: datetime) -> Notification | None:
    """The notification, read from now on; None where this person has none of that number."""
    rows = shown_to(user)[0].filter(pk=pk)
    rows.filter(read_at=None).update(read_at=now)
    return rows.first()


def mark_all_read(user: User, *, upto: int, now: datetime) -> int:
    """Mark what the page showed, and everything before it: what came in since then stays unread."""
    return shown_to(user)[0].filter(pk__lte=upto, read_at=None).update(read_at=now)
