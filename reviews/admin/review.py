"""The page on which a board member reads the frozen text, declares interests, decides and signs."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import content, page, snapshots
from articles.models import Article
from articles.states import ArticleState, stepper
from editorial import clock, reauth, registry
from editorial.admin.verbs import is_repeated
from editorial.conditions import Refused
from editorial.registry import Page
from editorial.roles import is_board
from editorial.verbs import unmoved
from reviews import conditions, evidence, workflow
from reviews.admin.forms import DeclarationForm, SigningForm
from reviews.models import Objection, ReviewAssignment, Signature
from reviews.panel import seats_shown
from reviews.states import MEANINGS, AssignmentState, SeatKind, VerdictKind


def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Missing and not yours look the same: 404. A recused member has no access any more."""
    assignment = _own(request, pk)
    article = assignment.round.article
    declaring, status = None, 200
    signing: Any = None
    if request.method == "POST" and "declare" in request.POST:
        declaring = DeclarationForm(request.POST)
        response = _declare(request, assignment, declaring)
        if response:
            return response
        status = declaring.status
    elif request.method == "POST":
        signing = SigningForm(request.POST)
        response = _sign(request, assignment, signing)
        if response:
            return response
        status = signing.status
    context = _context(request, assignment, declaring, signing)
    return TemplateResponse(
        request,
        "admin/desk/review.html",
        admin.site.page_context(request, title=article.title, **context),
        status=status,
    )


def _own(request: HttpRequest, pk: int) -> ReviewAssignment:
    row = (
        ReviewAssignment.objects.select_related("round__article", "member__user", "specialty", "declaration")
        .filter(pk=pk, member__user=request.user)
        .exclude(state__in=[AssignmentState.RECUSED, AssignmentState.DECLINED])
        .first()
    )
    if row is not None and row.is_waiting_alternate:
        raise Http404  # nothing is asked of them, so there is nothing to read yet
    gone = row is not None and row.round.is_open and row.state in (AssignmentState.RELEASED, AssignmentState.EXPIRED)
    reading = request.method in ("GET", "HEAD")  # whoever lost the role while the page was open is told why on signing
    if row is None or (reading and (gone or not is_board(request.user))):
        raise Http404
    return row


def _declare(request: HttpRequest, assignment: ReviewAssignment, form: Any) -> HttpResponse | None:
    form.status = 422
    if not form.is_valid():
        return None
    values = form.cleaned_data
    conflict = values["answer"] == "conflict"
    try:
        workflow.declare(
            assignment.round.article,
            actor=request.user,
            now=clock.now(),
            request=values["request_id"],
            expected=values["stamp"],
            assignment=assignment,
            has_conflict=conflict,
            details=values["details"],
            disclosure=values["disclosure"],
        )
    except Refused as refused:
        form.add_error(None, refused.reason)
        form.status = refused.status
        return None
    if conflict:
        messages.success(request, _("Thank you for saying so. You are off this article, and the editor was told."))
        return HttpResponseRedirect("/admin/")
    return HttpResponseRedirect(f"{request.path}#text")


def _sign(request: HttpRequest, assignment: ReviewAssignment, form: Any) -> HttpResponse | None:
    form.status = 422
    if not form.is_valid():
        return None
    values, now = form.cleaned_data, clock.now()
    if is_repeated(request, assignment.round.article):
        return HttpResponseRedirect(request.path)
    try:
        unmoved(assignment.round.article, values["stamp"])
        conditions.may_sign(assignment, request.user, now=now).enforce()
        proof = reauth.prove(request.user, values["password"], now=now)
        workflow.sign_review(
            assignment.round.article,
            actor=request.user,
            now=now,
            request=values["request_id"],
            expected=values["stamp"],
            assignment=assignment,
            verdict=values["verdict"],
            comment=values["comment"],
            private_note=values["private_note"],
            proof=proof,
        )
    except Refused as refused:
        form.add_error(None, refused.reason)
        form.status = refused.status
        return None
    messages.success(request, _said(assignment))
    return HttpResponseRedirect(f"{request.path}#content-start")  # else the browser keeps the form's own fragment


def _said(assignment: ReviewAssignment) -> str:
    """What signing just did, in words."""
    article = Article.objects.get(pk=assignment.round.article_id)
    if article.state == ArticleState.APPROVED:
        return _("Signed and recorded. With your signature the quorum stands: the article is published.")
    if article.state == ArticleState.CHANGES_REQUESTED:
        return _("Signed and recorded. The article goes back to its author with your comment.")
    return _("Signed and recorded. The round goes on; you may sign again until it closes.")


def _context(request: HttpRequest, assignment: ReviewAssignment, declaring: Any, signing: Any) -> dict[str, Any]:
    round, article, now = assignment.round, assignment.round.article, clock.now()
    same_text = bool(article.frozen_digest) and article.frozen_digest == round.digest
    declared = getattr(assignment, "declaration", None)
    open_ = round.is_open and assignment.state in ("invited", "accepted", "completed") and same_text
    refusal = "" if not declared else conditions.may_sign(assignment, request.user, now=now).reason
    fresh = {"stamp": article.stamp, "request_id": uuid.uuid4()}
    return {
        "article": _article(article, same_text),
        "assignment": _seat(assignment, now),
        "round": {
            "number": round.number,
            "digest": round.digest,
            "steps": stepper(article.state),
            "seats": seats_shown(round, verdicts=_has_signed(assignment)),
        },
        "asked": _asked(assignment),
        "variants": _variants(article) if same_text else [],
        "findings": snapshots.frozen_findings(article, today=now.date()) if same_text else [],
        "declaration_form": None if declared or not open_ else declaring or DeclarationForm(initial=fresh),
        "decision_form": (signing or SigningForm(initial=fresh)) if declared and open_ and not refusal else signing,
        "manifest": _manifest(assignment, now),
        "refusal": refusal,
        "objection_url": _objection_url(assignment),
        "own": _shown(_signatures(round).filter(signer=request.user).last()),
        "others": [_shown(s) for s in _signatures(round).exclude(signer=request.user)]
        if _has_signed(assignment)
        else [],
    }


def _seat(assignment: ReviewAssignment, now: datetime) -> dict[str, Any]:
    labels = {
        SeatKind.REQUIRED: _("Required reviewer"),
        SeatKind.OPTIONAL: _("Optional reviewer"),
        SeatKind.ALTERNATE: _("Alternate"),
    }
    return {
        "due_on": assignment.review_on if assignment.is_open else None,
        "overdue": assignment.is_overdue(now),
        "step_aside_url": reverse("admin:seat", args=[assignment.pk, "step_aside"]) if assignment.is_open else "",
        "accept_url": reverse("admin:seat", args=[assignment.pk, "accept"])
        if assignment.state == AssignmentState.INVITED
        else "",
        "recuse_url": reverse("admin:seat", args=[assignment.pk, "recuse"]) if assignment.is_open else "",
        "seat_label": labels[SeatKind(assignment.seat)],
    }


def _article(article: Article, same_text: bool) -> dict[str, Any]:
    """From the frozen text; nothing of it once the round's text isn't the article's any more."""
    values = content.parse(article.frozen_snapshot) if same_text else {}
    return {
        "title": values.get("title", article.title),
        "short_answer": values.get("short_answer", ""),
        "origin": values.get("origin", ""),
        "ai": values.get("ai_contributions", []),
        "funding": values.get("funding", ""),
        "url": "",
    }


def _variants(article: Article) -> list[dict[str, Any]]:
    values = content.parse(article.frozen_snapshot)
    return [page.variant_of(v, article.frozen_html, values["citations"]) for v in values["variants"]]


def _asked(assignment: ReviewAssignment) -> str:
    if not assignment.round.is_open:
        return _("This round is closed. Thank you for your part in it.")
    if assignment.state == AssignmentState.RELEASED:
        return _("Your seat in this round was released; nothing is asked of you any more.")
    note = assignment.round.note
    asked = _("Read the text below and decide whether it may be published as it stands.")
    return f"{asked} {_('The editor writes:')} {note}" if note else asked


def _manifest(assignment: ReviewAssignment, now: Any) -> dict[str, Any]:
    letters = dict.fromkeys(
        part.strip() for c in assignment.member.valid_credentials(now.date()) for part in c.letters.split(",")
    )
    return {
        "name": assignment.member.user.shown_name,
        "credentials": ", ".join(letters),
        "meanings": [(kind.value, MEANINGS.get(kind, assignment.round.rule["attestation"])) for kind in VerdictKind],
    }


def _signatures(round: Any) -> Any:
    return evidence.signatures_of(round)


def _objection_url(assignment: ReviewAssignment) -> str:
    """Where this member takes back the objection that they raised; empty when none of theirs is open."""
    mine = Objection.objects.still_open().filter(article=assignment.round.article_id, member=assignment.member).first()
    return reverse("admin:objection", args=[mine.pk, "withdraw"]) if mine else ""


def _has_signed(assignment: ReviewAssignment) -> bool:
    return assignment.state == AssignmentState.COMPLETED


def _shown(signature: Signature | None) -> dict[str, Any] | None:
    if signature is None:
        return None
    return {
        "name": signature.shown_name,
        "credentials": signature.shown_credentials,
        "specialty": ", ".join(signature.shown_specialties),
        "verdict": signature.review.verdict,
        "verdict_label": signature.review.get_verdict_display(),
        "signed_at": signature.signed_at,
        "comment": signature.review.comment,
    }


registry.add_page(Page("reviews/<int:pk>/", review, "review"))
