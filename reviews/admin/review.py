"""The page on which a board member reads the frozen text, declares interests, comments, decides and signs."""

import copy
import uuid
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from articles.models import Article
from articles.states import ArticleState
from editorial import clock, proofs, reauth, registry, tally
from editorial.admin.verbs import is_repeated, say_what_was_done
from editorial.conditions import MovedOn, Refused
from editorial.registry import Page
from editorial.roles import is_board
from editorial.verbs import unmoved
from reviews import conditions, history, workflow
from reviews.admin import review_page
from reviews.admin.comments import RemarkForm, remark
from reviews.admin.forms import PREFIX, DeclarationForm, DraftForm, SigningForm
from reviews.models import ReviewAssignment, ReviewRound
from reviews.states import VERDICT_LABELS, AssignmentState, VerdictKind

TYPED = "typed_review"
"""Where a session keeps what was typed when the form came after sign-out; signing in keeps the session's values."""

WRITTEN = {"verdict": 40, "comment": 20_000, "private_note": 5_000, "details": 2_000, "disclosure": 300}
REMARK = {"quote": 2_000, "kind": 20, "words": 5_000, "replacement": 5_000, "place": 20, "position": 7}
MOST_ITEMS = 60
MOST_LEFT, WINDOW_SECONDS = 20, 600
"""Forms of one network that are kept in ten minutes although nobody is signed in: a clinic has one address."""


def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Missing and not yours look the same: 404. A recused member has no access any more."""
    assignment = own(request, pk)
    forms: dict[str, Any] = {}
    if request.method == "POST":
        name, form, act = _sent(request, assignment)
        form.status = 422
        response = act(request, assignment, form) if form.is_valid() else _barred(request, assignment, name, form)
        if response:
            return response
        forms[name] = form
    context = review_page.context(request, assignment, **forms, typed=_typed(request))
    status = max((form.status for form in forms.values()), default=200)
    shown = admin.site.page_context(request, title=assignment.round.article.title, **context)
    return TemplateResponse(request, "admin/desk/review.html", shown, status=status)


def keep_typed(request: HttpRequest, pk: int) -> None:
    """A form that came after the session had ended, or with a token of before: what was typed waits for the next look
    at the page, what proves it never.
    """
    written = {n: request.POST[n][:most] for n, most in {**WRITTEN, **REMARK}.items() if n in request.POST}
    ticked = [name for name in request.POST if name.startswith(PREFIX)][:MOST_ITEMS]
    answers = {name[:80]: request.POST[name][:20] for name in ticked}
    if written and (request.user.is_authenticated or _may_leave_words(request)):
        request.session[TYPED] = {"path": request.path, "values": {**written, **answers}}


def _may_leave_words(request: HttpRequest) -> bool:
    """Of somebody who isn't signed in only so much is kept, or anybody could fill the table of sessions."""
    try:
        return tally.count(f"typed:{tally.network_key(request, now=clock.now())}", WINDOW_SECONDS) <= MOST_LEFT
    except (RedisError, OSError):
        return True  # nobody counts at the moment; what was typed is worth more


def _typed(request: HttpRequest) -> dict[str, str]:
    """What was typed on this page before the sign-in, once."""
    if request.method != "GET":
        return {}
    typed = request.session.pop(TYPED, None)
    if not typed or typed["path"] != request.path:
        return {}
    why = _("You had been signed out, or in again, so nothing was recorded. What you had typed is here again.")
    messages.warning(request, why)
    return dict(typed["values"])


def own(request: HttpRequest, pk: int) -> ReviewAssignment:
    """The seat, for its holder alone; 404 for everybody else, and for a holder of whom nothing is asked."""
    row = (
        ReviewAssignment.objects.select_related("round__article", "member__user", "specialty", "declaration", "draft")
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


def _sent(request: HttpRequest, assignment: ReviewAssignment) -> tuple[str, Any, Any]:
    """Which of the page's forms was sent: its name in the page's context, the form, and what it does."""
    rule = assignment.round.rule
    if "answer" in request.POST or "declare" in request.POST:
        return "declaring", DeclarationForm(request.POST), _declare
    if "remark" in request.POST:
        return "remarking", RemarkForm(request.POST), _remark
    if "save_draft" in request.POST:
        return "signing", DraftForm(request.POST, rule=rule), _save_draft
    if not assignment.round.is_open:
        return "signing", DraftForm(request.POST, rule=rule), _come_late
    return "signing", SigningForm(request.POST, rule=rule, asked=proofs.asked_of(request)), _sign


def _barred(request: HttpRequest, assignment: ReviewAssignment, name: str, form: Any) -> None:
    """Whoever may not sign any more is told so even where the form isn't filled in."""
    allowed = conditions.may_sign(assignment, request.user, now=clock.now())
    if name == "signing" and not allowed:
        form.status = 403
        form.add_error(None, allowed.reason)


def _declare(request: HttpRequest, assignment: ReviewAssignment, form: Any) -> HttpResponse | None:
    values, now = form.cleaned_data, clock.now()
    conflict = values["answer"] == "conflict"
    before = copy.copy(assignment.round.article)
    try:
        workflow.declare(
            assignment.round.article,
            actor=request.user,
            now=now,
            request=values["request_id"],
            expected=values["stamp"],
            assignment=assignment,
            has_conflict=conflict,
            details=values["details"],
            disclosure=values["disclosure"],
        )
    except Refused as refused:
        return _told(form, refused, assignment)
    if conflict:
        said = _("Thank you for saying so. You are off this article, and the editor was told.")
        say_what_was_done(request, before, said, now=now)
        return HttpResponseRedirect("/admin/")
    first = "changes" if history.earlier_texts(assignment) else "text"
    return HttpResponseRedirect(f"{request.path}#{first}")


def _remark(request: HttpRequest, assignment: ReviewAssignment, form: Any) -> HttpResponse | None:
    try:
        remark(assignment.round.article, request.user, form)
    except Refused as refused:
        return _told(form, refused, assignment)
    messages.success(request, _("Your comment is kept."))
    return HttpResponseRedirect(f"{request.path}#comments")


def _save_draft(request: HttpRequest, assignment: ReviewAssignment, form: Any) -> HttpResponse | None:
    try:
        workflow.save_draft(
            assignment.round.article, actor=request.user, now=clock.now(), assignment=assignment, data=form.kept()
        )
    except Refused as refused:
        return _told(form, refused, assignment)
    messages.success(request, _("Saved. Nothing is signed yet, and nobody else sees it."))
    return HttpResponseRedirect(f"{request.path}#content-start")


def _sign(request: HttpRequest, assignment: ReviewAssignment, form: Any) -> HttpResponse | None:
    values, now = form.cleaned_data, clock.now()
    article = assignment.round.article
    if is_repeated(request, article):
        return HttpResponseRedirect(request.path)
    before = copy.copy(article)
    try:
        unmoved(article, values["stamp"])
        conditions.may_sign(assignment, request.user, now=now).enforce()
        proof = reauth.prove(request.user, proofs.given_in(request, values), now=now)
        workflow.sign_review(
            article,
            actor=request.user,
            now=now,
            request=values["request_id"],
            expected=values["stamp"],
            assignment=assignment,
            verdict=values["verdict"],
            comment=values["comment"],
            private_note=values["private_note"],
            checklist=form.answers(values),
            proof=proof,
        )
    except Refused as refused:
        _keep_late(request, assignment, values)
        return _told(form, refused, assignment)
    say_what_was_done(request, before, _said(assignment), now=now)
    return HttpResponseRedirect(f"{request.path}#content-start")  # else the browser keeps the form's own fragment


def _come_late(request: HttpRequest, assignment: ReviewAssignment, form: Any) -> HttpResponse | None:
    """Sent to a round that is closed already: nothing of the form is needed for the refusal."""
    if is_repeated(request, assignment.round.article):
        return HttpResponseRedirect(request.path)
    _keep_late(request, assignment, form.cleaned_data)
    return _told(form, Refused(conditions.may_sign(assignment, request.user, now=clock.now()).reason), assignment)


def _keep_late(request: HttpRequest, assignment: ReviewAssignment, values: dict[str, Any]) -> None:
    """The round closed while the page was open: the verdict counts no more, but its words are kept."""
    written = values["comment"].strip() or values["private_note"].strip()
    if not written or ReviewRound.objects.get(pk=assignment.round_id).is_open:
        return
    try:
        workflow.keep_late(
            assignment.round.article,
            actor=request.user,
            now=clock.now(),
            request=values["request_id"],
            assignment=assignment,
            verdict_label=VERDICT_LABELS[VerdictKind(values["verdict"])] if values["verdict"] else "",
            comment=values["comment"],
            private_note=values["private_note"],
        )
    except Refused:
        return  # the form says already why nothing was signed
    messages.warning(request, _("It came after the decision. Your words are kept as a comment; the editor was told."))


def _told(form: Any, refused: Refused, assignment: ReviewAssignment) -> None:
    """The refusal on the form, with all that was typed; the next press is about what is shown now."""
    form.status = refused.status
    if isinstance(refused, MovedOn):
        fresh = {"stamp": assignment.round.article.stamp, "request_id": str(uuid.uuid4())}
        form.data = {**form.data.dict(), **fresh}
    form.add_error(None, refused.reason)


def _said(assignment: ReviewAssignment) -> str:
    """What signing just did, in words."""
    article = Article.objects.get(pk=assignment.round.article_id)
    if article.state == ArticleState.APPROVED:
        return _("Signed and recorded. With your signature the quorum stands: the article is published.")
    if article.state == ArticleState.CHANGES_REQUESTED:
        return _("Signed and recorded. The article goes back to its author with your comment.")
    return _("Signed and recorded. The round goes on; you may sign again until it closes.")


registry.add_page(Page("reviews/<int:pk>/", review, "review", signed_out=keep_typed))
