"""A publication as the values that the reader's templates take. Frozen HTML is read here, never made."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from html import unescape
from types import MappingProxyType
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import content, vancouver, versions
from articles import signers as signers_of
from articles.models import Notice, Publication
from articles.models.article import Audience
from articles.states import CURRENT, ArticleState, PublicationStatus
from editorial import clock

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
SITE = "https://site.invalid"
"""Stands for the site's own address in what is stored; the view puts the address in at request time."""

Alerts = Mapping[str, Mapping[str, Any]]
NO_ALERTS: Alerts = MappingProxyType({})

_FOR_EVERY_VERSION = frozenset({PublicationStatus.ON_HOLD, PublicationStatus.RETRACTED, PublicationStatus.REMOVED})
WITHHELD = frozenset({PublicationStatus.ON_HOLD, PublicationStatus.REMOVED})
"""While an article's newest version stands in one of these, readers get a word of none."""

UNDER_WAY = frozenset({ArticleState.SUBMITTED, ArticleState.UNDER_REVIEW, ArticleState.CHANGES_REQUESTED})

_finders: list[Callable[[Publication], Mapping[int, date]]] = []
_HEADING = re.compile(r'<h2[^>]* id="([^"]+)"[^>]*>(.*?)</h2>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_GROUPS = (
    ("guideline", gettext_lazy("Guideline")),
    ("research", gettext_lazy("Research")),
    ("other", gettext_lazy("Other sources")),
)


def add_withdrawals(finder: Callable[[Publication], Mapping[int, date]]) -> None:
    """Have pages ask ``finder`` which signatures of a publication were withdrawn, and when."""
    if finder not in _finders:
        _finders.append(finder)


def withdrawn_from(publication: Publication) -> dict[int, date]:
    """The withdrawn signatures of the publication, by number, with the day."""
    return {pk: day for finder in _finders for pk, day in finder(publication).items()}


def of(
    publication: Publication,
    *,
    notices: list[Notice],
    version_count: int,
    standing: Sequence[dict[str, Any]] = (),
    withdrawn: Mapping[int, date] = MappingProxyType({}),
    signers: Mapping[int, signers_of.Signer] = MappingProxyType({}),
    current: Publication | None = None,
    alerts: Alerts = NO_ALERTS,
) -> dict[str, Any]:
    """The ``page`` of ``articles/reader/article.html``.

    ``standing``: banners about how the version stands, as ``standing()`` makes them. ``withdrawn``: signatures
    that count no more; whoever gave them isn't named as a reviewer. ``signers``: the members to whose pages names
    lead. ``current``: the article's newest version, where it is another one. ``alerts``: what became of its sources
    since, as ``source_alerts`` knows it.
    """
    snapshot = content.parse(publication.snapshot)
    evidence = publication.evidence
    current = current or publication
    is_current = publication.status in CURRENT
    url = f"{SITE}/articles/{current.slug}/"
    return {
        "title": publication.title,
        "slug": current.slug,
        "number": publication.number,
        "status": status_of(publication, current),
        "is_current": is_current,
        "current_url": url,
        "cited_title": publication.title if publication.title.endswith(("?", "!", ".")) else f"{publication.title}.",
        "version_url": f"{url}v/{publication.number}/",
        "history_url": f"/articles/{current.slug}/history/",
        "report_url": f"/articles/{current.slug}/report/",
        "topics": snapshot["topics"],
        "origin": snapshot["origin"],
        "retired_on": _retired_on(publication),
        "successor_url": _successor_url(publication),
        "is_in_doubt": any(banner["kind"] in ("voided", "urgent") for banner in standing)
        or (bool(withdrawn) and not is_current),
        "reviewers": signers_of.led(reviewers(publication, withdrawn), evidence["signatures"], signers),
        "reviewed_on": publication.last_reviewed,
        "reviewed_version": publication.reviewed_version if publication.basis == "carried" else None,
        "next_review_due": publication.next_review_due if publication.status == PublicationStatus.LIVE else None,
        "last_updated": publication.last_updated,
        "first_published": versions.first_shown_on(publication),
        "literature_current_to": publication.literature_current_to,
        "written_by": snapshot["byline"],
        "edited_by": evidence["edited_by"],
        "editorial_responsibility": publication.editorial_responsibility,
        "ai": snapshot["ai_contributions"],
        "funding": snapshot["funding"],
        "stepper": _stepper(publication),
        "notices": [*standing, *map(notice_of, notices)],
        "short_answer": snapshot["short_answer"],
        "variants": [variant_of(v, publication.html, snapshot["citations"], alerts) for v in snapshot["variants"]],
        "signatures": [
            {
                **s,
                "signed_at": datetime.fromisoformat(s["signed_at"]),
                "withdrawn_on": withdrawn.get(s["id"]),
                "url": signers[s["id"]].url if s["id"] in signers else "",
            }
            for s in evidence["signatures"]
        ],
        "policy_version": publication.policy["policy"],
        "policy_url": f"/policy/v/{publication.policy['policy']}/",
        "rule_text": rule_text(publication.policy),
        "digest": publication.digest,
        "change_note": publication.change_note,
        "version_count": version_count,
    }


def status_of(publication: Publication, current: Publication) -> str:
    """As readers meet it: an older version goes with an article that is on hold, retracted or removed."""
    return str(current.status if current.status in _FOR_EVERY_VERSION else publication.status)


def rule_text(rule: Mapping[str, Any]) -> str:
    """The quorum that was asked for, in words."""
    approvals, specialties = rule["approvals"], rule["specialties"]
    if not approvals:
        return _("a second editor's confirmation")
    count = _("one approval") if approvals == 1 else _("%(count)s approvals") % {"count": approvals}
    names = rule.get("specialty_name") or (specialties[0] if specialties else "")
    inside = _(", %(count)s of them in %(name)s") % {"count": len(specialties), "name": names} if specialties else ""
    if approvals == 1 and specialties:
        inside = _(" in %(name)s") % {"name": names}
    confirm = _(", and the editor's confirmation") if rule["editor_confirms"] else ""
    if rule.get("chief_confirms"):
        confirm = _(", and a chief editor's confirmation")
    return f"{count}{inside}{confirm}"


def reviewers(publication: Publication, withdrawn: Mapping[int, date]) -> list[dict[str, str]]:
    """Who reviewed it: whoever signed a verdict that wasn't withdrawn."""
    evidence = publication.evidence
    gone = {(s["name"], s["credentials"]) for s in evidence["signatures"] if s["verdict"] and s["id"] in withdrawn}
    return [person for person in evidence["reviewers"] if (person["name"], person["credentials"]) not in gone]


def review_line(publication: Publication, withdrawn: Mapping[int, date]) -> str:
    """The line under a title in lists: who reviewed, or nothing."""
    named = reviewers(publication, withdrawn)
    if not named:
        return ""
    first = ", ".join(part for part in (named[0]["name"], named[0]["credentials"]) if part)
    others = len(named) - 1
    if others == 0:
        return first
    return (
        _("%(first)s and 1 other") % {"first": first}
        if others == 1
        else _("%(first)s and %(n)s others")
        % {
            "first": first,
            "n": others,
        }
    )


def _stepper(publication: Publication) -> list[dict[str, Any]]:
    dates = (publication.submitted_on, publication.review_opened_on, publication.last_reviewed)
    labels = (_("Submitted"), _("Under review"), _("Approved"))
    states = ("done", "done", "current")
    return [{"label": lb, "date": d, "state": s} for lb, d, s in zip(labels, dates, states, strict=True)]


def standing(publication: Publication) -> list[dict[str, Any]]:
    """Banners that say how a live version stands: on which signatures, and what is under way."""
    article = publication.article
    if publication.status != PublicationStatus.LIVE:
        return []
    found = []
    if article.quorum_lost_at:
        text = _("One of the signatures under this version was withdrawn on %(day)s. The board is reviewing it.")
        day = clock.shown(timezone.localtime(article.quorum_lost_at).date())
        found.append(_banner("voided", _("Signature withdrawn"), text % {"day": day}))
    if article.full_review_by:
        text = _("Signed by one specialist and a chief editor; the full panel reviews it by %(day)s.")
        day = clock.shown(article.full_review_by)
        found.append(_banner("urgent", _("Mended at short notice"), text % {"day": day}))
    if article.state == ArticleState.UNDER_REVIEW and article.frozen_digest == publication.digest:
        text = _("Scheduled review under way; no change proposed yet.")
        found.append(_banner("update", _("Under review"), text))
    elif article.state in UNDER_WAY:
        text = _("You are reading the version approved on %(day)s.")
        day = clock.shown(publication.last_reviewed)
        found.append(_banner("update", _("Update under review"), text % {"day": day}))
    return found


def _banner(kind: str, label: str, text: str) -> dict[str, Any]:
    return {"kind": kind, "kind_label": label, "text": text, "date": None}


def _retired_on(publication: Publication) -> date | None:
    at = publication.article.retired_at
    return timezone.localtime(at).date() if at and publication.status == PublicationStatus.RETIRED else None


def _successor_url(publication: Publication) -> str:
    """The address alone: a successor's title is its own, and may not be public any more."""
    successor = publication.article.successor
    shown = successor is not None and publication.status == PublicationStatus.RETIRED
    return f"{SITE}/articles/{successor.slug}/" if shown else ""


def notice_of(notice: Notice) -> dict[str, Any]:
    return {
        "kind": notice.kind,
        "kind_label": notice.get_kind_display(),
        "text": notice.text,
        "url": f"/notices/{notice.uuid}/",
        "date": timezone.localtime(notice.issued_at).date(),
        "by": notice.shown_name,
    }


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
                **_label(citation, alerts),
                "back": re.findall(rf'id="({audience}-cite-{number}-\d+)"', body),
            }
        )
    return [{"heading": heading, "items": groups[kind]} for kind, heading in _GROUPS if groups[kind]]


def _label(citation: Mapping[str, Any], alerts: Alerts) -> dict[str, Any]:
    """What the source is marked with: as the signed text says, else as the library has learnt since."""
    if citation["cited_because_retracted"]:
        why = citation["rationale"]
        note = _("Cited although it was retracted: %(why)s") % {"why": why} if why else ""
        return {"label": _("Retracted"), "is_grave": True, "note": note}
    return dict(alerts.get(citation["key"], {"label": "", "is_grave": False, "note": ""}))


def notice_page(notice: Notice, publication: Publication, *, withheld: bool) -> dict[str, Any]:
    """The ``notice`` of ``articles/reader/notice.html``. Of a withheld article not even the title is shown."""
    return {
        **notice_of(notice),
        "title": notice.get_kind_display(),
        "article_title": "" if withheld else publication.title,
        "article_url": f"/articles/{publication.slug}/",
    }
