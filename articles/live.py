"""What stands beside a text while it is written: the page it makes, what preflight says, and its change class."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles import page_variants, preflight, proposals, questions, snapshots
from articles.models import Article
from articles.models.article import Audience
from editorial.models import User
from editorial.roles import is_editor


def as_stored(article: Article, *, today: date, user: User) -> dict[str, Any]:
    """The same of the text as it was saved last."""
    parts = snapshots.parts_of(article)
    return beside(article, snapshot=snapshots.of(article, parts=parts), parts=parts, today=today, user=user)


def beside(
    article: Article, *, snapshot: snapshots.Snapshot, parts: snapshots.Parts, today: date, user: User
) -> dict[str, Any]:
    """The values that ``admin/articles/article/live.html`` takes; ``article`` may be a copy with typed values."""
    found = preflight.check(snapshot.values, snapshots.facts(article, today=today, parts=parts))
    proposal = proposals.of(article, snapshot=snapshot)
    return {
        "title": snapshot.values["title"],
        "short_answer": snapshot.values["short_answer"],
        "variants": _shown(snapshot, found),
        "blocking": [_placed(finding, snapshot) for finding in found if finding.severity == "block"],
        "advice": [_placed(finding, snapshot) for finding in found if finding.severity != "block"],
        "proposal": proposal if proposal.base else None,
        "asked": _asked(article, user),
    }


def _asked(article: Article, user: User) -> list[questions.Alike]:
    """What likely asks the same: editors see any article, authors nothing but what readers have."""
    look = questions.like if is_editor(user) else questions.readers_have
    return look(article.title, without=article.pk)


def _placed(finding: preflight.Finding, snapshot: snapshots.Snapshot) -> preflight.Finding:
    """The finding with its place in the words of the form; the audience is named where there are several."""
    audience, _sep, section = finding.where.partition(": ")
    if finding.where in {citation["key"] for citation in snapshot.values["citations"]}:
        return replace(finding, where=f"[@{finding.where}]")
    if audience not in Audience.values:
        return replace(finding, where=capfirst(finding.where) or _("The article"))
    several = len(snapshot.values["variants"]) > 1
    label = str(Audience(audience).label) if several or not section else ""
    return replace(finding, where=": ".join(filter(None, (label, section))))


def _shown(snapshot: snapshots.Snapshot, found: list[preflight.Finding]) -> list[dict[str, Any]]:
    """Each audience's text as its readers would get it, or in words why it can't become a page yet."""
    variants = {v["audience"]: v for v in snapshot.values["variants"] if v["audience"] in Audience.values}
    shown = []
    for variant in variants.values():
        values = page_variants.variant_of(variant, snapshot.html, snapshot.values["citations"])
        problem = "" if values["html"].strip() else _problem(variant, found)
        shown.append({**values, "problem": problem})
    return shown


def _problem(variant: dict[str, Any], found: list[preflight.Finding]) -> str:
    if not variant["markdown"].strip():
        return _("Nothing is written yet.")
    why = " ".join(f.message for f in found if f.code in ("text-unrenderable", "section-block-invalid"))
    return why or _("This text can't become a page yet; the findings say why.")
