"""“Your membership”: what a member says about themselves, on a page of their own."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial import clock, membership, registry
from editorial.admin.choices import OneRow
from editorial.admin.verbs import VerbForm, button, verb_page
from editorial.models import BoardMember, User
from editorial.registry import Card, Page, VerbSpec
from editorial.roles import Role, is_board

LABEL = "editorial.BoardMember"


class Day(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AbsenceForm(VerbForm):
    first_day = Day(label=gettext_lazy("First day away"))
    last_day = Day(label=gettext_lazy("Last day away"))
    cover = OneRow(
        label=gettext_lazy("Who covers for you"),
        queryset=BoardMember.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody"),
    )


class LoadForm(VerbForm):
    load_limit = forms.IntegerField(
        label=gettext_lazy("Open reviews at once"),
        min_value=0,
        max_value=99,
        required=False,
        help_text=gettext_lazy("Empty: as the policy says. 0: none for now."),
    )


class ProfileForm(VerbForm):
    affiliation = forms.CharField(label=gettext_lazy("Affiliation"), max_length=200, required=False)
    biography = forms.CharField(
        label=gettext_lazy("Biography"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )


class InterestForm(VerbForm):
    company = forms.CharField(label=gettext_lazy("Company"), max_length=200, required=False)
    product = forms.CharField(label=gettext_lazy("Product"), max_length=200, required=False)
    person = OneRow(
        label=gettext_lazy("Person"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody in particular"),
    )
    nature = forms.CharField(
        label=gettext_lazy("Nature"),
        max_length=200,
        help_text=gettext_lazy("For example: speaker's fees, shares, co-author."),
    )
    since = Day(label=gettext_lazy("Since"))
    until = Day(label=gettext_lazy("Until"), required=False, help_text=gettext_lazy("Empty: it lasts."))


class EndInterestForm(VerbForm):
    until = Day(label=gettext_lazy("Its last day"))


def show(request: HttpRequest) -> HttpResponse:
    """Everything that is known of this member, with the ways to change what is theirs to change."""
    member = _own(request)
    today = clock.day_in(member.user.zone, clock.now())
    verbs = [
        button(spec, member, request.user, reverse("admin:board_verb", args=[member.pk, spec.name]))
        for spec in registry.verbs_for(LABEL)
        if spec.name.startswith(OWN) and spec.visible(member, request.user)
    ]
    context = admin.site.page_context(
        request,
        title=_("Your membership"),
        member=member,
        credentials=membership.credential_lines(member, today=today),
        absences=member.absences.filter(last_day__gte=today).select_related("cover__user"),
        interests=member.interests.select_related("person"),
        verbs={verb["name"].removeprefix(OWN): verb for verb in verbs},
        months=membership.COUNTS_MONTHS,
    )
    return TemplateResponse(request, "admin/editorial/membership.html", context)


def member_card(user: User) -> list[Card]:
    """How a member's credentials stand, on the desk's home page."""
    member = BoardMember.objects.select_related("user").filter(user=user.pk).first() if is_board(user) else None
    if member is None:
        return []
    page = reverse("admin:membership")
    lines = membership.credential_lines(member, today=clock.day_in(member.user.zone, clock.now()))
    items = [
        {
            "title": str(line["credential"]),
            "url": page,
            "meta": _("until %(day)s") % {"day": clock.shown(line["credential"].expires_on)},
            "badge": {"state": "", "kind": line["kind"], "label": line["label"]},
        }
        for line in lines
    ]
    empty = _("No credential of yours is on record. Send the editors yours.")
    return [Card(_("Your membership"), items, url=page, empty=empty, weight=8)]


def end(request: HttpRequest, what: str, pk: int) -> HttpResponse:
    """The page that ends one absence or one interest of one's own; another's looks like one that isn't there."""
    member = _own(request)
    if what not in ENDINGS or pk > 10**18:
        raise Http404
    related, spec_of = ENDINGS[what]
    row = getattr(member, related).filter(pk=pk).first()
    if row is None:
        raise Http404
    return verb_page(request, member, spec_of(row), shown=shown(member), back=reverse("admin:membership"))


def shown(member: BoardMember, *, url: str = "") -> dict[str, Any]:
    """What ``admin/desk/verb.html`` takes for a member."""
    return {
        "title": str(member),
        "state": "",
        "state_label": member.stamp_label,
        "url": url or reverse("admin:membership"),
        "back": _("Back"),
    }


def _own(request: HttpRequest) -> BoardMember:
    member = BoardMember.objects.select_related("user").filter(user=request.user.pk).first()
    if member is None or not is_board(request.user):
        raise Http404
    return member


def _end_absence(absence: Any) -> VerbSpec:
    return VerbSpec(
        name="end_absence",
        label=_("End this absence"),
        condition=_condition,
        run=lambda member, **values: membership.end_absence(member, absence=absence, **values),
        form=lambda member, user: VerbForm,
        visible=membership.is_own,
        consequences=lambda member: [
            _("You are back from today: %(first)s to %(last)s is cut short.")
            % {"first": clock.shown(absence.first_day), "last": clock.shown(absence.last_day)}
        ],
    )


def _end_interest(interest: Any) -> VerbSpec:
    return VerbSpec(
        name="end_interest",
        label=_("Say when it ended"),
        condition=_condition,
        run=lambda member, **values: membership.end_interest(member, interest=interest, **values),
        form=lambda member, user: EndInterestForm,
        visible=membership.is_own,
        consequences=lambda member: [str(interest), *_counting()],
    )


def _counting() -> list[str]:
    return [
        _("An interest counts for %(months)s months after it ended, and stays on record.")
        % {"months": membership.COUNTS_MONTHS}
    ]


def _condition(member: BoardMember, user: User) -> Any:
    return membership.may_edit_own(member, user, today=clock.now().date())


def _rows(form: type[VerbForm], name: str, rows: Callable[[BoardMember], QuerySet]) -> Callable[..., type[VerbForm]]:
    """The form with the choices that are this member's."""

    def made(member: BoardMember, user: User) -> type[VerbForm]:
        field = form.base_fields[name].__deepcopy__({})
        field.queryset = rows(member)
        return type(form.__name__, (form,), {name: field, "field_order": list(form.base_fields)})

    return made


def _covers(member: BoardMember) -> QuerySet:
    today = clock.now().date()
    return BoardMember.objects.filter(pk__in=[m.pk for m in membership.may_cover(member, today)]).select_related("user")


def _writers(member: BoardMember) -> QuerySet:
    """Those who can stand behind a text; a member with no text to their name can't be an interest in one."""
    rows = User.objects.filter(groups__name__in=[Role.AUTHOR, Role.EDITOR, Role.CHIEF], is_active=True)
    return rows.exclude(pk=member.user_id).distinct().order_by("last_name", "first_name")


def _prefilled(form: type[VerbForm], *names: str) -> Callable[..., type[VerbForm]]:
    """The form with what stands now."""

    def made(member: BoardMember, user: User) -> type[VerbForm]:
        fields = {name: form.base_fields[name].__deepcopy__({}) for name in names}
        for name, field in fields.items():
            field.initial = getattr(member, name)
        return type(form.__name__, (form,), {**fields, "field_order": list(form.base_fields)})

    return made


ENDINGS = {"absence": ("absences", _end_absence), "interest": ("interests", _end_interest)}
OWN = "own_"
"""How the names of a member's own verbs begin: they stand on their page, not on the editors'."""


def _offer(name: str, label: Any, run: Any, form: Any, *consequences: Any, weight: int = 100) -> None:
    registry.add_verb(
        LABEL,
        VerbSpec(
            name=f"{OWN}{name}",
            label=label,
            condition=_condition,
            run=run,
            form=form,
            visible=membership.is_own,
            consequences=lambda member: [*consequences],
            weight=weight,
        ),
    )


_offer(
    "absence",
    gettext_lazy("Enter an absence"),
    membership.add_absence,
    _rows(AbsenceForm, "cover", _covers),
    gettext_lazy("No new review falls due while you are away."),
)
_offer("load_limit", gettext_lazy("Set your load limit"), membership.set_load_limit, _prefilled(LoadForm, "load_limit"))
_offer(
    "interest",
    gettext_lazy("Declare an interest"),
    membership.declare_interest,
    _rows(InterestForm, "person", _writers),
    gettext_lazy("Name at least a company, a product or a person."),
    gettext_lazy("Articles about it aren't given to you, and you can't sign one that you hold a seat on."),
    gettext_lazy("A declared interest is never deleted: it ends on a day."),
)
_offer(
    "profile",
    gettext_lazy("Edit affiliation and biography"),
    membership.describe,
    _prefilled(ProfileForm, "affiliation", "biography"),
    gettext_lazy("What you signed keeps the affiliation that you had then."),
)
registry.add_cards(member_card)
registry.add_page(Page("membership/", show, "membership"))
registry.add_page(Page("membership/<slug:what>/<int:pk>/end/", end, "membership_end"))
