"""Which rows a page is tied to, changed by as few queries as it takes."""

from collections.abc import Mapping
from typing import Any

from articles.models import PublicPage


def tie(
    row: PublicPage,
    name: str,
    *,
    known: Mapping[Any, int],
    wanted: Mapping[Any, int],
    said: Mapping[str, Any] | None = None,
) -> None:
    """Tie ``row`` by its many-to-many field ``name`` to ``wanted`` and no others.

    Both mappings are from what names a row to its primary key; ``known`` are those that it is tied to now. ``said`` is
    what a new tie says besides.
    """
    field = PublicPage._meta.get_field(name)
    through, other = field.remote_field.through, field.m2m_reverse_name()
    gone = [pk for key, pk in known.items() if key not in wanted]
    if gone:
        through.objects.filter(**{f"{other}__in": gone}, publicpage_id=row.pk).delete()
    new = [through(**{other: pk}, publicpage_id=row.pk, **said or {}) for key, pk in wanted.items() if key not in known]
    if new:
        through.objects.bulk_create(new, ignore_conflicts=True)
