"""Lists that may be long: beyond some thousands nobody turns the pages, and counting on would read the whole table."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property

MOST = 10_000


class OrMore(int):
    """A count that stopped: shown as “10,000+”."""

    def __str__(self) -> str:
        return f"{int(self):,}+"


class Pages(Paginator):
    """Counts up to ``MOST``; what stands behind is found by searching and filtering."""

    @cached_property
    def count(self) -> Any:
        rows = self.object_list
        found = rows.order_by()[: MOST + 1].count() if hasattr(rows, "order_by") else len(rows)
        return found if found <= MOST else OrMore(MOST)
