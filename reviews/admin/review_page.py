"""What the review page shows: the frozen text first, then all that helps to judge it."""

import uuid
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import content, differences, page_variants, snapshots
from articles.models import Article
from articles.states import stepper
from editorial import clock, proofs
from reviews import comment_conditions, conditions, discussion, history, texts
from reviews.admin.comments import RemarkForm
from reviews.admin.forms import DeclarationForm, SigningForm, restored
from reviews.models import Objection, ReviewAssignment, ReviewDraft
from reviews.panel import seats_shown, signed_in
from reviews.states import MEANINGS, AssignmentState, SeatKind, VerdictKind
from reviews.workflow.drafts import DECISION, version_of

UNFOLDED = 8
"""Changed places that stand open above the text; more are folded, so that the text isn't pushed away."""


def context(
    request: HttpRequest,
    assignment: ReviewAssignment,
    *,
    declaring: Any = None,
    signing: Any = None,
    remarking: Any = None,
    typed: dict[str, str],
) -> dict[str, Any]:
    round, article, now = assignment.round, assignment.round.article, clock.now()
    same_text = bool(article.frozen_digest) and article.frozen_digest == round.digest
    open_ = round.is_open and assignment.state in ("invited", "accepted", "completed") and same_text
    asked = open_ and not assignment.is_waiting_alternate
    fresh = {"stamp": article.stamp, "request_id": uuid.uuid4()}
    signatures = signed_in(round)
    seen = conditions.has_signed(assignment) or not round.rule.get("hide_reviews", True)
    return {
        "article": _article(article, same_text),
        "assignment": _seat(assignment, now),
        "round": {
            "number": round.number,
            "digest": round.digest,
            "steps": stepper(article.state),
            "seats": seats_shown(round, verdicts=seen),
        },
        "asked": _asked(assignment),
        "variants": _variants(article) if same_text else [],
        "changes": _changes(assignment) if open_ else [],
        "findings": snapshots.frozen_findings(article, today=now.date()) if same_text else [],
        "manifest": _manifest(assignment, now),
        "own_must_fix": comment_conditions.open_must_fixes(article, request.user) if asked else 0,
        "objection_url": _objection_url(assignment),
        "own": next((s for s in reversed(signatures) if s["signer"] == request.user.pk), None),
        "others": [{**s, "note": ""} for s in signatures if s["signer"] != request.user.pk] if seen else [],
        **_forms(request, assignment, declaring, signing, fresh=fresh, typed=typed, asked=asked, open_=open_, now=now),
        **_comments(request, assignment, remarking, same_text, {**fresh, **typed}),
    }


def _forms(
    request: HttpRequest,
    assignment: ReviewAssignment,
    declaring: Any,
    signing: Any,
    *,
    fresh: dict[str, Any],
    typed: dict[str, str],
    asked: bool,
    open_: bool,
    now: datetime,
) -> dict[str, Any]:
    """The declaration first; once it stands, the decision, with what was saved or typed before."""
    declared, draft = getattr(assignment, "declaration", None), getattr(assignment, "draft", None)
    refusal = conditions.may_sign(assignment, request.user, now=now).reason if declared else ""
    start = {**fresh, **(restored(draft.data) if draft else {}), **typed}
    deciding = declared and asked and not refusal
    return {
        "declaration_form": (declaring or DeclarationForm(initial={**fresh, **typed}))
        if asked and not declared
        else None,
        "has_conflict": request.GET.get("conflict") == "yes"
        or bool(declaring and declaring.data.get("answer") == "conflict"),
        "decision_form": signing or (_signing_form(request, start, assignment) if deciding else None),
        "draft": _draft(draft, open_=open_) if draft else None,
        "keeping": {"window": uuid.uuid4(), "since": version_of(draft), "dirty": bool(typed)}
        if declared and asked
        else None,
        "refusal": refusal,
    }


def _comments(
    request: HttpRequest, assignment: ReviewAssignment, form: Any, same_text: bool, fresh: dict[str, Any]
) -> dict[str, Any]:
    article = assignment.round.article
    viewer = comment_conditions.viewer_of(article, request.user)
    may = viewer.seat is not None and viewer.seat.pk == assignment.pk and comment_conditions.may_comment(viewer)
    if not same_text or viewer.seat is None:
        return {"discussion": None, "remark_form": form}
    seen = discussion.seen_by(article, viewer, standing=texts.of(article))
    any_seen = any(seen[part] for part in discussion.PARTS)
    return {
        "discussion": {**seen, "stamp": article.stamp} if any_seen else None,
        "remark_form": form or (RemarkForm(initial=_remark_start(assignment, fresh)) if may else None),
    }


def _remark_start(assignment: ReviewAssignment, start: dict[str, Any]) -> dict[str, Any]:
    """The comment that was being written, if there is one; ``written`` opens the form."""
    draft = getattr(assignment, "draft", None)
    kept = dict(draft.data.get("remark") or {}) if draft else {}
    return {**kept, **start, "written": bool(kept or start.get("words") or start.get("quote"))}


def _draft(draft: ReviewDraft, *, open_: bool) -> dict[str, Any]:
    """What was written and not signed: that it is there, and its words once the round is closed."""
    remark = draft.data.get("remark") or {}
    return {
        "saved_at": draft.saved_at,
        "decides": any(draft.data.get(part) for part in DECISION),
        "comment": draft.data.get("comment", ""),
        "remark": {name: remark.get(name, "") for name in ("quote", "words")} if remark else None,
        "open": open_,
    }


def _changes(assignment: ReviewAssignment) -> list[dict[str, Any]]:
    """What differs since the last approval and since this member's last review, or in words why that isn't shown."""
    now = content.parse(assignment.round.article.frozen_snapshot)
    shown = []
    for earlier in history.earlier_texts(assignment):
        found = differences.between(content.parse(earlier.snapshot), now) if earlier.snapshot else []
        folded = sum(len(difference.hunks) for difference in found) > UNFOLDED
        shown.append({"title": earlier.title, "note": earlier.note, "differences": found, "folded": folded})
    return shown


def _seat(assignment: ReviewAssignment, now: datetime) -> dict[str, Any]:
    labels = {
        SeatKind.REQUIRED: _("Required reviewer"),
        SeatKind.OPTIONAL: _("Optional reviewer"),
        SeatKind.ALTERNATE: _("Alternate"),
    }
    invited = assignment.state == AssignmentState.INVITED and not assignment.is_waiting_alternate
    return {
        "pk": assignment.pk,
        "due_on": assignment.review_on if assignment.is_open else None,
        "overdue": assignment.is_overdue(now),
        "accept_url": reverse("admin:seat", args=[assignment.pk, "accept"]) if invited else "",
        "recuse_url": reverse("admin:seat", args=[assignment.pk, "recuse"]) if assignment.is_open else "",
        "step_aside_url": reverse("admin:seat", args=[assignment.pk, "step_aside"]) if assignment.is_open else "",
        "seat_label": labels[SeatKind(assignment.seat)],
    }


def _article(article: Article, same_text: bool) -> dict[str, Any]:
    """From the frozen text; nothing of it once the round's text isn't the article's any more.

    All that readers get on this member's signature: nobody signs what they weren't shown.
    """
    values = content.parse(article.frozen_snapshot) if same_text else {}
    current_to = values.get("literature_current_to")
    return {
        "byline": values.get("byline", []),
        "topics": [topic["name"] for topic in values.get("topics", [])],
        "language": values.get("language", ""),
        "region": values.get("region", ""),
        "literature_current_to": date.fromisoformat(current_to) if current_to else None,
        "change_note": values.get("change_note", ""),
        "conclusions_changed": values.get("conclusions_changed"),
        "title": values.get("title", article.title),
        "short_answer": values.get("short_answer", ""),
        "origin": values.get("origin", ""),
        "ai": values.get("ai_contributions", []),
        "funding": values.get("funding", ""),
        "url": "",
    }


def _variants(article: Article) -> list[dict[str, Any]]:
    values = content.parse(article.frozen_snapshot)
    return [page_variants.variant_of(v, article.frozen_html, values["citations"]) for v in values["variants"]]


def _asked(assignment: ReviewAssignment) -> str:
    if not assignment.round.is_open:
        return _("This round is closed. Thank you for your part in it.")
    if assignment.state == AssignmentState.RELEASED:
        return _("Your seat in this round was released; nothing is asked of you any more.")
    if assignment.is_waiting_alternate:
        return _("You stand by as an alternate: nothing is asked of you until a seat falls free.")
    note = assignment.round.note
    asked = _("Read the text below and decide whether it may be published as it stands.")
    return f"{asked} {_('The editor writes:')} {note}" if note else asked


def _manifest(assignment: ReviewAssignment, now: datetime) -> dict[str, Any]:
    letters = dict.fromkeys(
        part.strip() for c in assignment.member.valid_credentials(now.date()) for part in c.letters.split(",")
    )
    return {
        "name": assignment.member.user.shown_name,
        "credentials": ", ".join(letters),
        "meanings": [(kind.value, MEANINGS.get(kind, assignment.round.rule["attestation"])) for kind in VerdictKind],
    }


def _signing_form(request: HttpRequest, start: dict[str, Any], assignment: ReviewAssignment) -> Any:
    return SigningForm(initial=start, rule=assignment.round.rule, asked=proofs.asked_of(request))


def _objection_url(assignment: ReviewAssignment) -> str:
    """Where this member takes back the objection that they raised; empty when none of theirs is open."""
    mine = Objection.objects.still_open().filter(article=assignment.round.article_id, member=assignment.member).first()
    return reverse("admin:objection", args=[mine.pk, "withdraw"]) if mine else ""
