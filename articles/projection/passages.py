"""The passages of live pages: what search and follow-up questions look in. Nothing else has any."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from django.template.loader import render_to_string

from articles import content, html_blocks, page_variants
from articles.models import Publication, PublicPage, SearchEntry
from articles.search_words import indexed
from articles.states import PublicationStatus
from editorial.once import once

FIELDS = ("audience", "position", "kind", "anchor", "heading", "title", "text", "html", "head_words", "words")
EVERYONE = ""
"""The audience of a page's first passage, which is nobody's own: the title and the short answer."""

_ID = re.compile(r' id="[^"]*"')
_PLACE = re.compile(r'href="#')
_SUBHEADING = re.compile(r"(</?)h[4-6](?=>)")
_CITED = re.compile(r'href="#[a-z]+-ref-(\d+)"')


def project(publication: Publication, row: PublicPage, *, is_new: bool = False) -> None:
    """Make them what they must be. Who isn't live any more loses them in the same transaction."""
    wanted = projected(publication)
    standing = [] if is_new else standing_of_each([row])[row.pk] if wanted else None
    if standing == wanted:
        return
    if standing != []:
        SearchEntry.objects.filter(page=row).delete()
    SearchEntry.objects.bulk_create(
        [SearchEntry(page=row, **dict(zip(FIELDS, values, strict=True))) for values in wanted], batch_size=500
    )


def differences(publication: Publication, row: PublicPage) -> list[str]:
    """Whether a passage is missing, too many, or says something else."""
    return [] if standing_of(row) == projected(publication) else ["passages"]


def projected(publication: Publication) -> list[tuple[Any, ...]]:
    """The values that ``SearchEntry`` must hold for this publication, as ``FIELDS`` names them, in order."""
    if publication.status != PublicationStatus.LIVE:
        return []
    return sorted(_passages(publication))


@once
def standing_of(row: PublicPage) -> list[tuple[Any, ...]]:
    """The page's passages, for whoever changes nothing."""
    return standing_of_each([row])[row.pk]


def standing_of_each(rows: Sequence[PublicPage]) -> dict[int, list[tuple[Any, ...]]]:
    """By the page's number, in one query."""
    found: dict[int, list[tuple[Any, ...]]] = {row.pk: [] for row in rows}
    for page, *values in SearchEntry.objects.filter(page__in=list(found)).values_list("page_id", *FIELDS):
        found[page].append(tuple(values))
    return {page: sorted(values) for page, values in found.items()}


def _passages(publication: Publication) -> Iterator[tuple[Any, ...]]:
    title, snapshot = publication.title, content.parse(publication.snapshot)
    short = snapshot["short_answer"]
    shown = f"<p>{escape(short)}</p>"
    yield (EVERYONE, 0, "", "short-answer", "", title, short, shown, indexed(title), indexed(short))
    for variant in snapshot["variants"]:
        audience = variant["audience"]
        body = publication.html[audience]
        sources = _sources(audience, variant, snapshot, body)
        for position, passage in enumerate(html_blocks.passages(body), start=1):
            yield (
                audience,
                position,
                passage.place.kind,
                passage.place.anchor,
                passage.heading,
                title,
                passage.text,
                _displayed(passage.html, f"/articles/{publication.slug}/?for={audience}", sources),
                indexed(passage.heading),
                indexed(passage.text),
            )


def _sources(audience: str, variant: Any, snapshot: Any, body: str) -> dict[int, dict[str, Any]]:
    groups = page_variants.references(audience, variant["citations"], snapshot["citations"], body)
    return {item["number"]: item for group in groups for item in group["items"]}


def _displayed(html: str, address: str, sources: dict[int, dict[str, Any]]) -> str:
    """Fit to stand on another page: no anchor twice, links that lead to the article, and its sources in full."""
    cited = [sources[number] for number in _numbers(html) if number in sources]
    html = _SUBHEADING.sub(r"\1p", _ID.sub("", html))
    html = _PLACE.sub(f'href="{address}#', html)
    if not cited:
        return html
    return html + render_to_string("articles/reader/passage_sources.html", {"sources": cited})


def _numbers(html: str) -> list[int]:
    """The numbers of the notes in it, each once, in order."""
    return sorted({int(number) for number in _CITED.findall(html)})
