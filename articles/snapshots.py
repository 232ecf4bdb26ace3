"""Rows to values: the snapshot that people sign, and the facts that preflight judges it by."""

import hashlib
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from django.conf import settings

from articles import citations, content, preflight, rendering, twins
from articles.csl import csl_of
from articles.models import AIContribution, Article, AudienceVariant, Citation, Topic
from articles.sections import SectionError, heading_texts, parse_heading
from editorial.models import User
from editorial.once import once


@dataclass(frozen=True)
class Snapshot:
    """An article's content as values, with each audience's HTML and its digest.

    A text that can't become a page yet has empty HTML; preflight says why and blocks.
    """

    values: dict[str, Any]
    text: str
    digest: str
    html: dict[str, str]


@dataclass(frozen=True)
class Parts:
    """The rows beside the article's own, in their order: stored ones, or as somebody is typing them."""

    variants: list[AudienceVariant]
    citations: list[Citation]
    contributions: list[AIContribution]
    topics: list[Topic]
    authors: list[str]


@once
def parts_of(article: Article) -> Parts:
    """The rows as they are stored."""
    return Parts(
        variants=list(article.variants.all()),
        citations=_cited(article),
        contributions=list(article.ai_contributions.all()),
        topics=list(article.topics.all()),
        authors=_authors(article),
    )


def of(article: Article, *, parts: Parts | None = None) -> Snapshot:
    """Everything the page shows that isn't derived from signatures or public state."""
    parts = parts or parts_of(article)
    html: dict[str, str] = {}
    known = {citation.key for citation in parts.citations}
    variants = [_variant(variant, html, known) for variant in parts.variants]
    values = {
        "schema": content.SCHEMA,
        "title": article.title,
        "short_answer": article.short_answer,
        "language": article.language,
        "region": article.region,
        "byline": _byline(article.byline, parts.authors),
        "funding": article.funding,
        "literature_current_to": article.literature_current_to.isoformat() if article.literature_current_to else None,
        "change_note": article.change_note,
        "conclusions_changed": article.conclusions_changed,
        "origin": article.origin,
        "ai_contributions": [
            {"tool": c.tool, "version": c.version, "use": c.use, "prompts": c.prompts} for c in parts.contributions
        ],
        "topics": [{"slug": t.slug, "name": t.name, "mesh_id": t.mesh_id} for t in parts.topics],
        "variants": variants,
        "citations": [_citation(citation) for citation in _in_order(parts.citations, variants)],
    }
    text = content.canonical(values)
    return Snapshot(content.parse(text), text, content.digest(text), html)


def findings(
    article: Article, *, today: date, snapshot: Snapshot | None = None, parts: Parts | None = None
) -> list[preflight.Finding]:
    """What preflight says of the article as it stands now. ``parts``: its rows, where they were read already."""
    return preflight.check((snapshot or of(article)).values, facts(article, today=today, parts=parts))


def frozen_findings(article: Article, *, today: date) -> list[preflight.Finding]:
    """What preflight says today of the frozen text: a source may have been retracted since."""
    return findings_of(article.frozen_snapshot, article, today=today)


def findings_of(snapshot: str, article: Article, *, today: date) -> list[preflight.Finding]:
    """What preflight says today of a stored snapshot of this article."""
    return preflight.check(content.parse(snapshot), facts(article, today=today))


def html_is_signed(article: Article) -> bool:
    """The stored HTML is exactly what the frozen snapshot names, audience by audience."""
    named = {v["audience"]: v["html_sha256"] for v in content.parse(article.frozen_snapshot)["variants"]}
    return named == {name: hashlib.sha256(html.encode()).hexdigest() for name, html in article.frozen_html.items()}


def facts(article: Article, *, today: date, parts: Parts | None = None) -> preflight.Facts:
    cited = parts.citations if parts else _cited(article)
    return preflight.Facts(
        publisher_names=tuple(settings.PUBLISHER_NAMES),
        today=today,
        reference_status={citation.key: _status(citation) for citation in cited},
        unconfirmed_markers=sum(source.unconfirmed for source in article.sources.all()),
        supporting_quotes={citation.key: bool(citation.supporting_quote) for citation in cited},
        risk_tier=article.effective_risk,
    )


def byline_of(article: Article) -> list[dict[str, str]]:
    """Who wrote it: the lines of the byline, or the authors' names in the order they were added."""
    return _byline(article.byline, [] if article.byline.strip() else _authors(article))


@once
def authors_of(article: Article) -> tuple[User, ...]:
    """In the order in which they were added."""
    return tuple(sorted(article.authors.all(), key=attrgetter("pk")))


def _authors(article: Article) -> list[str]:
    return [author.shown_name for author in authors_of(article)]


def _byline(written: str, authors: list[str]) -> list[dict[str, str]]:
    lines = [line.strip() for line in written.splitlines() if line.strip()]
    if lines:
        pairs = (line.partition(",") for line in lines)
        return [{"name": name.strip(), "credentials": rest.strip()} for name, _, rest in pairs]
    return [{"name": name, "credentials": ""} for name in authors]


def _variant(variant: Any, html: dict[str, str], known: set[str]) -> dict[str, Any]:
    """Keys without a reference are shown as missing; preflight blocks them."""
    numbers = citations.numbers_of(variant.body)
    resolved = {key: number for key, number in numbers.items() if key in known}
    try:
        html[variant.audience] = rendering.render(variant.body, audience=variant.audience, numbers=resolved).html
    except rendering.RenderError:
        html[variant.audience] = ""  # preflight's finding “text-unrenderable” says why
    return {
        "audience": variant.audience,
        "markdown": variant.body,
        "sections": [_section(text) for text in heading_texts(variant.body)],
        "html_sha256": hashlib.sha256(html[variant.audience].encode()).hexdigest(),
        "citations": list(numbers),
    }


def _section(text: str) -> dict[str, Any]:
    try:
        section = parse_heading(text)
    except SectionError:
        return {"heading": text, "kind": "other", "certainty": None, "strength": None, "rationale": ""}
    return {
        "heading": section.heading,
        "kind": str(section.kind),
        "certainty": str(section.certainty) if section.certainty else None,
        "strength": str(section.strength) if section.strength else None,
        "rationale": section.rationale,
    }


def _in_order(cited: list[Citation], variants: list[dict[str, Any]]) -> list[Citation]:
    """By first appearance over the variants; what no text cites comes last, in the order given."""
    order = list(dict.fromkeys(key for variant in variants for key in variant["citations"]))
    place = {key: index for index, key in enumerate(order)}
    return sorted(cited, key=lambda citation: place.get(citation.key, len(place)))


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "key": citation.key,
        "kind": citation.reference.kind,
        "csl": {"id": citation.key, **csl_of(citation.reference)},
        "cited_because_retracted": citation.cited_because_retracted,
        "rationale": citation.rationale,
    }


def _cited(article: Article) -> list[Citation]:
    return list(article.citations.select_related("reference__superseded_by").annotate(grave=twins.grave("reference__")))


def _status(citation: Citation) -> preflight.ReferenceStatus:
    reference = citation.reference
    return preflight.ReferenceStatus(
        status=twins.status_of(citation),
        successor=str(reference.superseded_by) if reference.superseded_by_id else "",
        checked_on=reference.status_checked_on,
    )
