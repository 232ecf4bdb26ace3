"""The last look before mails leave: which messages are still this sender's, and which of them matter no more.

A look is good for two seconds. So many mails share its queries, and no mail leaves on an older one.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from editorial.kinds import kind_of
from editorial.models import OutboxMessage

log = logging.getLogger(__name__)

MAILS = 25
"""How many mails one look is for."""

FRESH_SECONDS = 2
Rows = Sequence[OutboxMessage]


class Look:
    """What stood in the rows of ``mails``, which were leased together, at one instant."""

    def __init__(self, mails: Sequence[Rows], *, now: datetime) -> None:
        self._until = time.monotonic() + FRESH_SECONDS
        self._now = now
        leased = [row for rows in mails for row in rows]
        self._asked = {row.pk for row in leased}
        self._ours = {row.pk: row for row in held(leased).select_related("recipient")}
        self._reasons = self._asked_together()

    def covers(self, rows: Rows) -> bool:
        """Whether it was about these rows, and is fresh: a sender that slept has to look again."""
        return time.monotonic() < self._until and all(row.pk in self._asked for row in rows)

    def ours(self, rows: Rows) -> list[OutboxMessage]:
        """Those that no other sender took over, as they stand."""
        return [self._ours[pk] for pk in sorted(row.pk for row in rows) if pk in self._ours]

    def reason(self, row: OutboxMessage) -> str:
        """Why this message isn't to be sent; empty when it is. Raises what the kind's own look raises."""
        if not row.recipient.is_active:
            return "the account is disabled"
        if not kind_of(row).to(row):
            return "the account has no mail address"
        if row.pk in self._reasons:
            return self._reasons[row.pk]
        return kind_of(row).irrelevant(row, self._now)

    def _asked_together(self) -> dict[int, str]:
        """Answers of the kinds that can answer for many. Where one fails, its messages are asked about one by one."""
        by_kind: dict[str, list[OutboxMessage]] = defaultdict(list)
        for row in self._ours.values():
            by_kind[row.kind].append(row)
        reasons: dict[int, str] = {}
        for kind, rows in by_kind.items():
            try:
                together = kind_of(rows[0]).together
                reasons |= together(rows, self._now) if together else {}
            except Exception:
                log.exception("%s mails (%s) couldn't be looked at together; each is asked alone", len(rows), kind)
        return reasons


def held(rows: Rows) -> QuerySet[OutboxMessage]:
    """Those of ``rows`` whose lease is still this one: ``leased_until`` is its token, later leases end later."""
    return OutboxMessage.objects.filter(
        pk__in=[row.pk for row in rows], status=OutboxMessage.Status.LEASED, leased_until=rows[0].leased_until
    )
