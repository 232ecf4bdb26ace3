"""What machines are told of a published version, in the head of its page: description, Open Graph and JSON-LD.

The vocabulary is schema.org's (release 30.0, 19 March 2026). Nothing is said here that the page doesn't show.
"""

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from articles import page_variants, vancouver
from articles.identifiers import IdentifierError, normal_doi, normal_pmid
from articles.page import SITE, titled
from articles.states import PublicationStatus

Values = dict[str, Any]

MESH = "https://id.nlm.nih.gov/mesh/"
AI_SOURCES = {
    "ai_drafted": "https://schema.org/TrainedAlgorithmicMediaDigitalSource",
    "ai_assisted": "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource",
}
WORKS = {
    "article-journal": "ScholarlyArticle",
    "book": "Book",
    "chapter": "Chapter",
    "dataset": "Dataset",
    "report": "Report",
    "thesis": "Thesis",
    "webpage": "WebPage",
}
"""CSL types as schema.org's; any other is a CreativeWork."""

_UNSAFE = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def html(said: Mapping[str, Any], snapshot: Mapping[str, Any]) -> str:
    """``said``: the page as its template gets it. One JSON-LD for each audience, which the view chooses from."""
    described = _description(said)
    parts = [_meta("name", "description", described), *_open_graph(said, snapshot, described)]
    whole = _linked_data(said, snapshot, described)
    for variant in snapshot["variants"]:
        cited = _cited(variant["citations"], snapshot["citations"], said["alerts"])
        data = _script(whole | ({"citation": cited} if cited else {}))
        parts.append(f"<!--slot:audience:{variant['audience']}-->{data}<!--slot:end-->")
    return "".join(parts)


def _description(said: Mapping[str, Any]) -> str:
    """The short answer; of a retracted article the notice, as search engines show this without the banner."""
    if said["status"] != PublicationStatus.RETRACTED:
        return str(said["short_answer"])
    notices = [notice["text"] for notice in said["notices"] if notice["kind"] == "retraction"]
    return ". ".join([_("This article has been retracted"), *notices[:1]])


def _open_graph(said: Mapping[str, Any], snapshot: Mapping[str, Any], described: str) -> list[str]:
    values = {
        "og:type": "article",
        "og:title": titled(said["title"], said["status"]),
        "og:description": described,
        "og:url": _address(said),
        "og:site_name": settings.SITE_NAME,
        "article:published_time": said["first_published"].isoformat(),
        "article:modified_time": said["last_updated"].isoformat(),
    }
    tags = [_meta("property", "article:tag", topic["name"]) for topic in snapshot["topics"]]
    card = _meta("name", "twitter:card", "summary")
    return [*(_meta("property", name, value) for name, value in values.items()), *tags, card]


def _linked_data(said: Mapping[str, Any], snapshot: Mapping[str, Any], described: str) -> Values:
    name, address = titled(said["title"], said["status"]), _address(said)
    values: Values = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "@id": address,
        "url": address,
        "name": name,
        "headline": name,
        "description": described,
        "inLanguage": snapshot["language"],
        "version": said["number"],
        "creativeWorkStatus": _status(said),
        "datePublished": said["first_published"].isoformat(),
        "dateModified": said["last_updated"].isoformat(),
        **_review(said),
        "author": [_person(one) for one in said["written_by"]],
        "editor": [_person({"name": name}) for name in said["edited_by"]],
        "publisher": {"@type": "Organization", "name": settings.SITE_NAME, "url": f"{SITE}/"},
        "publishingPrinciples": f"{SITE}{said['policy_url']}",
        "medicalAudience": _audiences(said),
        "about": [_topic(topic) for topic in snapshot["topics"]],
        "correction": [f"{SITE}{n['url']}" for n in said["notices"] if n["kind"] in ("correction", "retraction")],
        **_origin(said),
    }
    return {key: value for key, value in values.items() if value not in ("", [], None)}


def _review(said: Mapping[str, Any]) -> Values:
    """As the line under the title: nothing without a standing signature, nothing under a retraction."""
    if not said["reviewers"] or said["status"] == PublicationStatus.RETRACTED:
        return {}
    return {
        "lastReviewed": said["reviewed_on"].isoformat(),
        "reviewedBy": [_person(one) for one in said["reviewers"]],
    }


def _status(said: Mapping[str, Any]) -> str:
    if said["status"] == PublicationStatus.RETRACTED:
        return _("Retracted")
    if said["status"] == PublicationStatus.RETIRED:
        return _("No longer maintained")
    return "" if said["is_current"] else _("Not the newest version")


def _origin(said: Mapping[str, Any]) -> Values:
    """That AI had a part in it (EU AI Act, art. 50), in the words of the page's line."""
    source = AI_SOURCES.get(said["origin"])
    if source is None and not said["ai"]:
        return {}
    words = _("drafted with AI") if said["origin"] == "ai_drafted" else _("written with the help of AI")
    tools = "; ".join(" ".join(filter(None, (use["tool"], use["version"]))) for use in said["ai"])
    credit = f"{words} ({tools})" if tools else words
    return {"creditText": credit, "digitalSourceType": {"@id": source or AI_SOURCES["ai_assisted"]}}


def _audiences(said: Mapping[str, Any]) -> list[Values]:
    """Those that the page names: of one text alone, only that it is for health professionals."""
    variants = said["variants"]
    named = variants if len(variants) > 1 else [v for v in variants if v["audience"] == "clinician"]
    return [{"@type": "MedicalAudience", "audienceType": str(variant["label"])} for variant in named]


def _topic(topic: Mapping[str, Any]) -> Values:
    term = {"@type": "DefinedTerm", "name": topic["name"]}
    if not topic["mesh_id"]:
        return term
    return term | {"termCode": topic["mesh_id"], "inDefinedTermSet": MESH}


def _person(one: Mapping[str, str]) -> Values:
    letters = one.get("credentials", "")
    return {"@type": "Person", "name": one["name"], **({"honorificSuffix": letters} if letters else {})}


def _cited(order: list[str], cited: list[dict[str, Any]], alerts: page_variants.Alerts) -> list[Values]:
    by_key = {citation["key"]: citation for citation in cited}
    return [_work(by_key[key], alerts) for key in order if key in by_key]


def _work(citation: Mapping[str, Any], alerts: page_variants.Alerts) -> Values:
    """``alerts``: what became of sources since, which machines are told as the page's label tells people."""
    csl = citation["csl"]
    links = [address for _label, address in vancouver.links(csl)]
    numbers = [("doi", _normal(normal_doi, csl, "DOI")), ("pmid", _normal(normal_pmid, csl, "PMID"))]
    work: Values = {
        "@type": WORKS.get(vancouver.field(csl, "type"), "CreativeWork"),
        "name": vancouver.field(csl, "title") or vancouver.text(csl),
        "creativeWorkStatus": str(page_variants.label_of(citation, alerts)["label"]),
        "identifier": [
            {"@type": "PropertyValue", "propertyID": kind, "value": value} for kind, value in numbers if value
        ],
        "url": links[0] if links else "",
        "sameAs": links[1:],
    }
    return {key: value for key, value in work.items() if value not in ("", [])}


def _normal(normal: Any, csl: Mapping[str, Any], name: str) -> str:
    try:
        return str(normal(vancouver.field(csl, name))) if vancouver.field(csl, name) else ""
    except IdentifierError:
        return ""


def _address(said: Mapping[str, Any]) -> str:
    return str(said["current_url"]) if said["is_current"] else f"{said['current_url']}v/{said['number']}/"


def _meta(kind: str, name: str, value: str) -> str:
    return f'<meta {kind}="{name}" content="{escape(value)}">' if value else ""


def _script(data: Values) -> str:
    """No text of an article can end the element or open another: what HTML reads is escaped as JSON has it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE)
    return f'<script type="application/ld+json">{text}</script>'
