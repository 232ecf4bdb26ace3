"""Citations whose brackets an importer put back: a person looks at each before anything is submitted."""

import re
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from articles import citations, conditions
from articles.models import Article, IntakeSource
from editorial.conditions import Refused
from editorial.models import User
from editorial.verbs import record, save, verb


def listed(article: Article) -> list[dict[str, Any]]:
    """What the confirmation page shows: one entry for each restored marker that nobody confirmed yet."""
    titles = {row.key: str(row.reference) for row in article.citations.select_related("reference")}
    shown = []
    for source in article.sources.filter(markers_confirmed_at=None):
        for index, marker in enumerate(source.restored):
            before, number, after = _around(marker)
            refers = "; ".join(titles.get(key, _("not in the list")) for key in marker["keys"])
            shown.append(
                {
                    "id": source.pk * 10_000 + index,
                    "before": before,
                    "numbers": number,
                    "after": after,
                    "confirmed": True,
                    "refers_to": f"{number}: {refers}",
                }
            )
    return shown


@verb
def confirm(article: Article, *, actor: User, now: datetime, kept: set[int]) -> Article:
    """Confirm the markers in ``kept``; the others become plain numbers again.

    Raises Refused, with nothing changed, when an edit has moved a marker that should go.
    """
    conditions.may_confirm_markers(article, actor).enforce()
    for source in IntakeSource.objects.select_for_update().filter(article=article, markers_confirmed_at=None):
        restored = source.restored
        dropped = [i for i in range(len(restored)) if source.pk * 10_000 + i not in kept]
        _undo(article, source, dropped, actor)
        source.markers_confirmed_by, source.markers_confirmed_at = actor, now
        source.save(update_fields=["markers_confirmed_by", "markers_confirmed_at"])
        record("article.markers_confirmed", article.subject, source=source.sha256, kept=len(restored) - len(dropped))
    return article


def _undo(article: Article, source: IntakeSource, dropped: list[int], actor: User) -> None:
    """Turn markers back into numbers: the nth of its kind in the report is the nth of its kind in the text."""
    if not dropped:
        return
    variant = article.variants.first()
    everything = source.report["markers"]
    places = [i for i, marker in enumerate(everything) if not marker["confirmed"]]
    gone = {places[index] for index in dropped}
    body = variant.body
    for text in {_written(everything[i]) for i in gone}:
        same = [i for i, marker in enumerate(everything) if _written(marker) == text]
        spans = [match.span() for match in re.finditer(re.escape(text), body)]
        if len(spans) != len(same):
            raise Refused(
                _("The text was edited since the import: remove %(marker)s there by hand.") % {"marker": text}
            )
        for place, (start, end) in reversed(list(zip(same, spans, strict=True))):
            if place in gone:
                body = body[:start] + _numbers(everything[place]) + body[end:]
    variant.body = body
    save(variant, actor=actor, reason="restored citations checked")


def _written(marker: dict[str, Any]) -> str:
    return citations.marker(*marker["keys"])


def _numbers(marker: dict[str, Any]) -> str:
    return ", ".join(str(number) for number in marker["numbers"])


def _around(marker: dict[str, Any]) -> tuple[str, str, str]:
    """The words before and after the marker, as far as the importer kept them; ranges as they were written."""
    number = _numbers(marker)
    spelled = "|".join(
        [
            re.escape(citations.marker(*marker["keys"])),
            *([_range(marker["numbers"])] if _range(marker["numbers"]) else []),
        ]
    )
    loose = r"\s*,\s*".join(str(n) for n in marker["numbers"])
    found = re.search(rf"(?:{spelled}|(?<![\d.])(?:{loose})(?![\d%]))", marker["text"])
    if found is None:
        return marker["text"], number, ""
    return marker["text"][: found.start()], found.group(), marker["text"][found.end() :]


def _range(numbers: list[int]) -> str:
    """A pattern for “2-4” where the numbers run on; empty where they don't."""
    runs_on = len(numbers) > 1 and numbers == list(range(numbers[0], numbers[-1] + 1))
    return rf"(?<!\d){numbers[0]}\s*[-–]\s*{numbers[-1]}(?!\d)" if runs_on else ""
