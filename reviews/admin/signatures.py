"""A person's own signatures, the pages on which one is withdrawn or kept, and what a chief editor has to check."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles import conditions as article_conditions
from articles.models import Article
from articles.states import PublicationStatus
from editorial import clock, registry
from editorial.admin.verbs import ReasonForm, article_url, verb_page
from editorial.models import User
from editorial.registry import Card, Page, Panel, VerbSpec, add_cards, add_panels
from editorial.roles import is_chief, is_editor
from reviews import standing, workflow
from reviews.conditions import not_seated
from reviews.models import Signature
from reviews.objection_conditions import objections_to

A_PAGE = 50


def signatures(request: HttpRequest) -> HttpResponse:
    """What this person signed that still counts; for chief editors also what has to be checked."""
    chief = is_chief(request.user)
    own = Paginator(standing.own(request.user), A_PAGE).get_page(request.GET.get("page"))
    check = standing.seen_by(request.user, standing.to_check())[:A_PAGE] if chief else []
    context = admin.site.page_context(
        request,
        title=_("Your signatures"),
        own=[_row(signature, request.user) for signature in own],
        page=own,
        check=[_row(row, request.user, keep=row.signer_id != request.user.pk) for row in check],
        chief=chief,
    )
    return TemplateResponse(request, "admin/desk/signatures.html", context)


def signature_verb(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Withdraw a signature, or let it stand. Others' signatures don't exist for whoever is no chief editor."""
    rows = Signature.objects.select_related("round__article", "review", "signer__board_member", "voided", "kept")
    row = rows.filter(pk=pk).exclude(round=None).first()
    if row is None or name not in SPECS:
        raise Http404
    article = row.round.article
    back = reverse("admin:signatures")
    shown = {"title": article.title, "state": article.state, "state_label": article.state_label, "url": back}
    return verb_page(request, article, _bound(SPECS[name], row), shown=shown, back=back)


def signatures_panel(article: Article, user: User) -> Iterable[Panel]:
    """For chief editors, on the article's page: what stands under it."""
    found = standing.seen_by(user, standing.under(article)) if is_chief(user) else ()
    rows = [_row(row, user, keep=bool(standing.may_be_kept(row, user))) for row in found]
    if rows:
        count = sum(not row["earlier"] for row in rows)
        yield Panel("admin/reviews/signatures_panel.html", {"rows": rows, "count": count})


def doubt_panel(article: Article, user: User) -> Iterable[Panel]:
    """For editors, on the article's page: what puts in doubt what readers have, and until when it may stand."""
    current = article_conditions.current_publication(article)
    if current is None or current.status != PublicationStatus.LIVE or not is_editor(user):
        return
    lost = article.quorum_lost_at
    open_ones = [row for row in objections_to(article) if row.is_open and row.review.digest == current.digest]
    objected = bool(open_ones) and bool(not_seated(article, user))
    if lost or article.full_review_by or objected:
        until = lost + standing.WITHOUT_QUORUM if lost else None
        context = {"lost_at": lost, "until": until, "objected": objected}
        yield Panel("admin/reviews/doubt_panel.html", {**context, "full_review_by": article.full_review_by}, rank=10)


def chief_cards(user: User) -> Iterable[Card]:
    if not is_chief(user):
        return
    rows = standing.seen_by(user, standing.to_check())
    items = [
        {
            "title": f"{row.shown_name}: {row.round.article.title}",
            "url": reverse("admin:signature", args=[row.pk, "keep"]),
            "meta": _("signed %(day)s") % {"day": clock.shown(row.signed_at)},
        }
        for row in rows[:8]
    ]
    yield Card(
        _("Signatures to check"),
        items,
        count=rows.count(),
        url=reverse("admin:signatures"),
        empty=_("No signature of a member who was struck off waits."),
        weight=9,
    )


def _row(signature: Signature, user: User, *, keep: bool = False) -> dict[str, Any]:
    article = signature.round.article
    return {
        "name": signature.shown_name,
        "credentials": signature.shown_credentials,
        "title": article.title,
        "meaning": signature.meaning,
        "verdict": signature.review.get_verdict_display() if signature.review_id else _("Confirmation"),
        "signed_at": signature.signed_at,
        "digest": signature.digest,
        "running": signature.round.is_open,
        "earlier": not (signature.running or signature.current),
        "void_url": reverse("admin:signature", args=[signature.pk, "void"]),
        "keep_url": reverse("admin:signature", args=[signature.pk, "keep"]) if keep else "",
        "article_url": article_url(article) if article_conditions.may_see(article, user) else "",
    }


def _bound(spec: VerbSpec, signature: Signature) -> VerbSpec:
    """The act as a verb on the article, for this one signature."""
    return VerbSpec(
        name=spec.name,
        label=spec.label,
        condition=lambda article, user: spec.condition(signature, user),
        run=lambda article, **values: spec.run(article, signature=signature, **values),
        form=spec.form,
        visible=lambda article, user: spec.visible(signature, user),
        consequences=lambda article: [_said(signature), *spec.consequences(signature)],
        danger=spec.danger,
        needs_proof=spec.needs_proof,
    )


def _said(signature: Signature) -> str:
    return _("%(name)s signed on %(day)s: “%(meaning)s”") % {
        "name": signature.shown_name,
        "day": clock.shown(signature.signed_at),
        "meaning": signature.meaning,
    }


def _looks_at(signature: Signature, user: User) -> bool:
    """A chief editor who doesn't sit on the article's open panel."""
    return is_chief(user) and bool(not_seated(signature.round.article, user))


def _what_follows(signature: Signature) -> list[Any]:
    if signature.round.is_open:
        return [_("It counts no more at once, and the seat waits for a review again.")]
    return [
        _("It counts no more at once; the signature itself stays in the record, marked as withdrawn."),
        _("A live page that loses its quorum by this tells its readers so."),
        _("The board then has 14 days to confirm the page. After that it is taken off the site."),
    ]


SPECS = {
    "void": VerbSpec(
        name="void_signature",
        label=_("Withdraw this signature"),
        condition=standing.may_void,
        run=workflow.void_signature,
        form=lambda signature, user: ReasonForm,
        visible=lambda signature, user: signature.signer_id == user.pk or _looks_at(signature, user),
        consequences=_what_follows,
        danger=True,
        needs_proof=True,
    ),
    "keep": VerbSpec(
        name="keep_signature",
        label=_("Let this signature stand"),
        condition=standing.may_keep,
        run=workflow.keep_signature,
        form=lambda signature, user: ReasonForm,
        visible=_looks_at,
        consequences=lambda signature: [_("It goes on counting although its signer was struck off the board.")],
        needs_proof=True,
    ),
}

add_cards(chief_cards)
add_panels(doubt_panel)
add_panels(signatures_panel)
registry.add_page(Page("signatures/", signatures, "signatures"))
registry.add_page(Page("signatures/<int:pk>/<slug:name>/", signature_verb, "signature"))
