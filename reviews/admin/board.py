"""The end of a membership on the desk, and what a member who was struck off had signed."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Publication
from articles.states import CURRENT
from editorial import registry
from editorial.admin.verbs import ReasonForm, article_url
from editorial.models import BoardMember, User
from editorial.registry import Page, VerbSpec
from editorial.roles import is_chief
from reviews import standing, workflow
from reviews.models import Signature
from reviews.workflow import board

LABEL = "editorial.BoardMember"
PER_PAGE = 50


class LeaveForm(ReasonForm):
    """The reason may stay empty: nobody owes one."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept apart from the record."),
    )


def struck_off(request: HttpRequest) -> HttpResponse:
    """The queue of what struck-off members approved under versions that readers have or are to have."""
    if not is_chief(request.user):
        raise Http404
    page = Paginator(standing.seen_by(request.user, standing.to_check()), PER_PAGE).get_page(request.GET.get("page", 1))
    versions = _versions(page.object_list)
    rows = [
        {
            "signature": signature,
            "title": signature.round.article.title,
            "article_url": article_url(signature.round.article),
            "version": versions.get((signature.round.article_id, signature.digest)),
            "void_url": _url(signature, "void"),
            "keep_url": _url(signature, "keep"),
        }
        for signature in page.object_list
    ]
    context = admin.site.page_context(request, title=_("Signed by members struck off"), rows=rows, page=page)
    return TemplateResponse(request, "admin/reviews/struck_off.html", context)


def _versions(signatures: Any) -> dict[tuple[int, str], int]:
    """The current version that each text is published as."""
    articles = {signature.round.article_id for signature in signatures}
    rows = Publication.objects.filter(article__in=articles, status__in=sorted(CURRENT))
    return {(article, digest): number for article, digest, number in rows.values_list("article", "digest", "number")}


def _url(signature: Signature, act: str) -> str:
    try:
        return reverse("admin:signature", args=[signature.pk, act])
    except NoReverseMatch:
        return ""


def _own(member: BoardMember, user: User) -> bool:
    return member.user_id == user.pk


def _chief_of_others(member: BoardMember, user: User) -> bool:
    return is_chief(user) and member.user_id != user.pk


def _offer(name: str, label: Any, **values: Any) -> None:
    registry.add_verb(LABEL, VerbSpec(name=name, label=label, danger=True, **values))


_offer(
    "own_leave",
    gettext_lazy("Leave the board"),
    condition=board.may_leave,
    run=workflow.leave_board,
    form=lambda member, user: LeaveForm,
    visible=_own,
    consequences=lambda member: [*board.what_ends(member), _("What you signed stays under your name.")],
)
_offer(
    "left",
    gettext_lazy("Write down that they left"),
    condition=board.may_leave,
    run=workflow.leave_board,
    form=lambda member, user: LeaveForm,
    visible=_chief_of_others,
    consequences=lambda member: [*board.what_ends(member), _("What they signed stays under their name.")],
)
_offer(
    "strike_off",
    gettext_lazy("Strike off"),
    condition=board.may_strike_off,
    run=workflow.strike_off,
    form=lambda member, user: ReasonForm,
    visible=_chief_of_others,
    consequences=lambda member: [
        *board.what_ends(member),
        _("The membership ends at once, and they are told so without the reason."),
        _("Everything they approved under current versions waits for you to withdraw or keep."),
    ],
)
registry.add_page(Page("struck-off/", struck_off, "struck_off"))
