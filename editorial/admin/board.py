"""Who is asked to the board: the list of invitations, asking one person, asking many from a file."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial import board_import, clock, invitations, registry
from editorial.admin.membership import LABEL, OWN, shown
from editorial.admin.verbs import VerbForm, verb_page
from editorial.board_import import COLUMNS, OPTIONAL
from editorial.conditions import Refused
from editorial.invitees import InviteeForm
from editorial.models import BoardInvitation, BoardMember, Specialty, User
from editorial.registry import Page, VerbSpec
from editorial.roles import Role, is_editor

PER_PAGE = 50
FIRST_PAGE = 1


class InviteForm(InviteeForm):
    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.fields["specialty"].known()
        self.fields["specialty"].widget = forms.Select(
            choices=[("", _("Choose one")), *((specialty.slug, specialty.name) for specialty in known)]
        )


class ImportForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("File"), help_text=gettext_lazy("A .csv file, 1 MiB at most."))
    dry_run = forms.BooleanField(
        label=gettext_lazy("Only look: say what would happen and write nothing"), required=False, initial=True
    )
    invite = forms.BooleanField(label=gettext_lazy("Send each new person an invitation"), required=False)


def invite(request: HttpRequest) -> HttpResponse:
    """Ask one person to the board."""
    allowed = invitations.may_invite(request.user)
    if not allowed:
        return admin.site.refused(request, _("Invite to the board"), allowed.reason, 403)
    if request.method != "POST":
        form = InviteForm(initial={"request_id": uuid.uuid4(), "time_zone": request.user.time_zone})
        return _form_page(request, form, 200)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, 422)
    values = dict(form.cleaned_data)
    try:
        invitations.invite(actor=request.user, now=clock.now(), request=values.pop("request_id"), **values)
    except Refused as refused:
        form.add_error(None, refused.reason)
        return _form_page(request, form, refused.status)
    messages.success(request, _("The invitation is on its way."))
    return HttpResponseRedirect(reverse("admin:invitations"))


def listed(request: HttpRequest) -> HttpResponse:
    """Everybody who was put on the list, whoever hasn't joined first."""
    if not is_editor(request.user):
        raise Http404
    pages = Paginator(_on_list(), PER_PAGE)
    page = pages.get_page(request.GET.get("page", FIRST_PAGE))
    now = clock.now()
    rows = [_row(member, request.user, now) for member in page.object_list]
    context = admin.site.page_context(request, title=_("Invitations to the board"), rows=rows, page=page)
    return TemplateResponse(request, "admin/editorial/invitations.html", context)


def upload(request: HttpRequest) -> HttpResponse:
    """Put many people on the list from a file: all of them, or none and every problem by its line."""
    allowed = invitations.may_invite(request.user)
    if not allowed:
        return admin.site.refused(request, _("Import members"), allowed.reason, 403)
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    report, status = None, 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                report = _taken_in(request, form)
            except Refused as refused:
                return admin.site.refused(request, _("Import members"), refused.reason, refused.status)
            status = 422 if report.problems else 200
    context = admin.site.page_context(
        request,
        title=_("Import members"),
        form=form,
        report=report,
        columns=COLUMNS,
        optional=OPTIONAL,
        specialties=Specialty.objects.all(),
    )
    return TemplateResponse(request, "admin/editorial/import.html", context, status=status)


def _taken_in(request: HttpRequest, form: ImportForm) -> board_import.Report:
    values = form.cleaned_data
    return board_import.take_in(
        values["file"].read(board_import.MOST_BYTES + 1),
        actor=request.user,
        now=clock.now(),
        dry_run=values["dry_run"],
        invite=values["invite"],
    )


def board_verb(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The confirmation page of any verb on a membership."""
    member = BoardMember.objects.select_related("user").filter(pk=pk).first() if pk < 10**18 else None
    if member is None:
        raise Http404
    back = _back(member, name)
    return verb_page(request, member, registry.find_verb(LABEL, name), shown=shown(member, url=back), back=back)


def _back(member: BoardMember, name: str) -> str:
    """Where to go afterwards; whoever has left may open nothing here any more."""
    if name == LEAVE:
        return "/"
    if name.startswith(OWN):
        return reverse("admin:membership")
    if name in (SEND.name, REVOKE.name):
        return reverse("admin:invitations")
    return reverse("admin:editorial_boardmember_change", args=[member.pk])


def _form_page(request: HttpRequest, form: InviteForm, status: int) -> HttpResponse:
    context = admin.site.page_context(request, title=_("Invite to the board"), form=form)
    return TemplateResponse(request, "admin/editorial/invite.html", context, status=status)


def _on_list() -> "QuerySet[BoardMember]":
    seated = User.groups.through.objects.filter(user=OuterRef("user"), group__name=Role.BOARD)
    invited = BoardInvitation.objects.filter(member=OuterRef("pk"))
    return (
        BoardMember.objects.annotate(seated=Exists(seated), asked=Exists(invited))
        .exclude(asked=False, seated=True)
        .select_related("user")
        .prefetch_related(Prefetch("invitations", BoardInvitation.objects.select_related("invited_by")))
        .order_by("seated", "-joined_on", "user__last_name", "pk")
    )


def _row(member: BoardMember, user: User, now: Any) -> dict[str, Any]:
    last = next(iter(member.invitations.all()), None)

    def link(spec: VerbSpec, label: Any) -> dict[str, Any]:
        return {"label": label, "url": reverse("admin:board_verb", args=[member.pk, spec.name])}

    verbs = []
    if not (member.seated or member.struck_off_at or member.user_id == user.pk) and member.user.is_active:
        verbs.append(link(SEND, SEND.label if last else _("Invite")))
        if last is not None and last.accepted_at is None and last.revoked_at is None:
            verbs.append(link(REVOKE, REVOKE.label))
    return {"member": member, "invitation": last, "state": _state(member, last, now), "verbs": verbs}


def _state(member: BoardMember, last: BoardInvitation | None, now: Any) -> dict[str, str]:
    """Where it stands, as a badge."""
    if member.struck_off_at:
        return {"kind": "bad", "label": _("struck off")}
    if member.seated:
        return {"kind": "good", "label": _("joined")}
    if member.left_on:
        return {"kind": "plain", "label": _("left")}
    if last is None:
        return {"kind": "plain", "label": _("not invited yet")}
    if last.revoked_at:
        return {"kind": "plain", "label": _("taken back")}
    if last.expires_at <= now:
        return {"kind": "warn", "label": _("expired")}
    if last.accepted_at:
        return {"kind": "plain", "label": _("no longer on the board")}
    return {"kind": "info", "label": _("waiting for an answer")}


LEAVE = f"{OWN}leave"
SEND = VerbSpec(
    name="send_invitation",
    label=gettext_lazy("Send again"),
    condition=invitations.may_send,
    run=invitations.send_invitation,
    form=lambda member, user: VerbForm,
    visible=lambda member, user: is_editor(user),
    consequences=lambda member: [
        _("A new mail goes to %(email)s; the link of an earlier one dies.") % {"email": member.user.email},
        _("It holds for %(days)s days.") % {"days": invitations.VALID_FOR.days},
    ],
)
REVOKE = VerbSpec(
    name="revoke_invitation",
    label=gettext_lazy("Revoke"),
    condition=invitations.may_revoke,
    run=invitations.revoke,
    form=lambda member, user: VerbForm,
    visible=lambda member, user: is_editor(user),
    consequences=lambda member: [_("The link in the mail dies. The person stays on the list.")],
)
registry.add_verb(LABEL, SEND)
registry.add_verb(LABEL, REVOKE)
registry.add_page(Page("board/invite/", invite, "invite"))
registry.add_page(Page("board/invitations/", listed, "invitations"))
registry.add_page(Page("board/import/", upload, "board_import"))
registry.add_page(Page("board/<int:pk>/<slug:name>/", board_verb, "board_verb"))
