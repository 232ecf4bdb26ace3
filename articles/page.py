"""A publication as the values that the reader's templates take. Frozen HTML is read here, never made."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from articles import content, page_variants, versions
from articles import signers as signers_of
from articles.models import Notice, Publication
from articles.states import CURRENT, ArticleState, PublicationStatus
from editorial import clock

SITE = "https://site.invalid"
"""Stands for the site's own address in what is stored; the view puts the address in at request time."""

_FOR_EVERY_VERSION = frozenset({PublicationStatus.ON_HOLD, PublicationStatus.RETRACTED, PublicationStatus.REMOVED})
WITHHELD = frozenset({PublicationStatus.ON_HOLD, PublicationStatus.REMOVED})
"""While an article's newest version stands in one of these, readers get a word of none."""

UNDER_WAY = frozenset({ArticleState.SUBMITTED, ArticleState.UNDER_REVIEW, ArticleState.CHANGES_REQUESTED})

_finders: list[Callable[[Publication], Mapping[int, date]]] = []


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
    alerts: page_variants.Alerts = page_variants.NO_ALERTS,
) -> dict[str, Any]:
    """The ``page`` of ``articles/reader/article.html``.

    ``standing``: banners about how the version stands, as ``standing()`` makes them. ``withdrawn``: signatures
    that count no more; whoever gave them isn't named as a reviewer. ``signers``: the members to whose pages names
    lead. ``current``: the article's newest version, where it is another one. ``alerts``: what became of its sources
    since, as ``source_alerts`` knows it.
    """
    snapshot = content.parse(publication.snapshot)
    is_current = publication.status in CURRENT
    doubted = any(banner["kind"] in ("voided", "urgent") for banner in standing)
    return {
        **_addresses(publication, current or publication),
        **_days(publication),
        **_evidence(publication, withdrawn, signers),
        "is_current": is_current,
        "is_in_doubt": doubted or (bool(withdrawn) and not is_current),
        "notices": [*standing, *map(notice_of, notices)],
        "version_count": version_count,
        "written_by": snapshot["byline"],
        "ai": snapshot["ai_contributions"],
        **{name: snapshot[name] for name in ("topics", "origin", "funding", "short_answer")},
        "variants": [
            page_variants.variant_of(variant, publication.html, snapshot["citations"], alerts)
            for variant in snapshot["variants"]
        ],
        "alerts": alerts,
    }


def _addresses(publication: Publication, current: Publication) -> dict[str, Any]:
    """What it is called, how it stands, and where it and what is about it are."""
    url = f"{SITE}/articles/{current.slug}/"
    title = publication.title
    return {
        "title": title,
        "cited_title": title if title.endswith(("?", "!", ".")) else f"{title}.",
        "slug": current.slug,
        "number": publication.number,
        "status": status_of(publication, current),
        "digest": publication.digest,
        "change_note": publication.change_note,
        "current_url": url,
        "version_url": f"{url}v/{publication.number}/",
        "history_url": f"/articles/{current.slug}/history/",
        "report_url": f"/articles/{current.slug}/report/",
        "successor_url": _successor_url(publication),
    }


def _days(publication: Publication) -> dict[str, Any]:
    return {
        "stepper": _stepper(publication),
        "retired_on": _retired_on(publication),
        "reviewed_on": publication.last_reviewed,
        "next_review_due": publication.next_review_due if publication.status == PublicationStatus.LIVE else None,
        "last_updated": publication.last_updated,
        "first_published": versions.first_shown_on(publication),
        "literature_current_to": publication.literature_current_to,
    }


def _evidence(
    publication: Publication, withdrawn: Mapping[int, date], signers: Mapping[int, signers_of.Signer]
) -> dict[str, Any]:
    """Who stands behind it, and by which rule."""
    evidence, version = publication.evidence, publication.policy["policy"]
    return {
        "reviewers": signers_of.led(reviewers(publication, withdrawn), evidence["signatures"], signers),
        "reviewed_version": publication.reviewed_version if publication.basis == "carried" else None,
        "edited_by": evidence["edited_by"],
        "editorial_responsibility": publication.editorial_responsibility,
        "signatures": [
            {
                **s,
                "signed_at": datetime.fromisoformat(s["signed_at"]),
                "withdrawn_on": withdrawn.get(s["id"]),
                "url": signers[s["id"]].url if s["id"] in signers else "",
            }
            for s in evidence["signatures"]
        ],
        "policy_version": version,
        "policy_url": f"/policy/v/{version}/",
        "rule_text": rule_text(publication.policy),
    }


def titled(title: str, status: str) -> str:
    """As it stands wherever the article is named: a retracted one says so first (NISO RP-45-2024)."""
    return _("RETRACTED: %(title)s") % {"title": title} if status == PublicationStatus.RETRACTED else title


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


def notice_page(notice: Notice, publication: Publication, *, withheld: bool) -> dict[str, Any]:
    """The ``notice`` of ``articles/reader/notice.html``. Of a withheld article not even the title is shown."""
    return {
        **notice_of(notice),
        "title": notice.get_kind_display(),
        "article_title": "" if withheld else publication.title,
        "article_url": f"/articles/{publication.slug}/",
    }
