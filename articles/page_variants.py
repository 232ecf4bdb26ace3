"""One audience's text as the page's template takes it: the frozen HTML, its contents, its references."""

import re
from collections.abc import Mapping
from html import unescape
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import vancouver
from articles.models.article import Audience

DISCLAIMERS = {
    "clinician": gettext_lazy(
        "Written for health professionals. It supports clinical judgement and doesn't replace it: check doses, "
        "contraindications and local guidance against the primary sources before you act on it."
    ),
    "patient": gettext_lazy(
        "This page gives general information and can't know your situation. Talk to your doctor, nurse or "
        "pharmacist before you start, stop or change a treatment. In an emergency, call your local emergency number."
    ),
    "student": gettext_lazy(
        "Written for learning. Don't base the care of a patient on it without a qualified supervisor."
    ),
    "general": gettext_lazy(
        "General information, not advice for one person. Ask a clinician about your own situation."
    ),
}

Alerts = Mapping[str, Mapping[str, Any]]
NO_ALERTS: Alerts = MappingProxyType({})

_HEADING = re.compile(r'<h2[^>]* id="([^"]+)"[^>]*>(.*?)</h2>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_GROUPS = (
    ("guideline", gettext_lazy("Guideline")),
    ("research", gettext_lazy("Research")),
    ("other", gettext_lazy("Other sources")),
)


def variant_of(
    variant: Mapping[str, Any], html: Mapping[str, str], cited: list[dict[str, Any]], alerts: Alerts = NO_ALERTS
) -> dict[str, Any]:
    audience = variant["audience"]
    body = html[audience]
    return {
        "audience": audience,
        "label": Audience(audience).label,
        "html": body,
        "disclaimer": DISCLAIMERS[audience],
        "toc": [{"anchor": a, "text": unescape(_TAG.sub("", text)).strip()} for a, text in _HEADING.findall(body)],
        "references": references(audience, variant["citations"], cited, body, alerts),
    }


def references(
    audience: str, order: list[str], cited: list[dict[str, Any]], body: str, alerts: Alerts = NO_ALERTS
) -> list[dict[str, Any]]:
    """The variant's references, grouped by kind, each with its number and the way back into the text."""
    by_key = {citation["key"]: citation for citation in cited}
    groups: dict[str, list[dict[str, Any]]] = {kind: [] for kind, _heading in _GROUPS}
    for number, key in enumerate(order, start=1):
        if key not in by_key:
            continue
        citation = by_key[key]
        groups[citation["kind"]].append(
            {
                "number": number,
                "anchor": f"{audience}-ref-{number}",
                "text": vancouver.text(citation["csl"]),
                "links": vancouver.links(citation["csl"]),
                **label_of(citation, alerts),
                "back": re.findall(rf'id="({audience}-cite-{number}-\d+)"', body),
            }
        )
    return [{"heading": heading, "items": groups[kind]} for kind, heading in _GROUPS if groups[kind]]


def label_of(citation: Mapping[str, Any], alerts: Alerts) -> dict[str, Any]:
    """What the source is marked with: as the signed text says, else as the library has learnt since."""
    if citation["cited_because_retracted"]:
        why = citation["rationale"]
        note = _("Cited although it was retracted: %(why)s") % {"why": why} if why else ""
        return {"label": _("Retracted"), "is_grave": True, "note": note}
    return dict(alerts.get(citation["key"], {"label": "", "is_grave": False, "note": ""}))
