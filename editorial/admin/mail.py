"""“Your mail”: when it leaves, days away, the calendar's address. For everybody at the desk, on a page of their own."""

from collections.abc import Callable
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial import calendar_address, clock, habits, leaves, membership, person_export, registry
from editorial.admin.choices import OneRow
from editorial.admin.membership import LABEL as MEMBER
from editorial.admin.membership import OWN, Day
from editorial.admin.verbs import VerbForm, button, verb_page
from editorial.models import BoardMember, Leave, MailPreferences, User
from editorial.models.mail import HOURS
from editorial.models.user import known_time_zone
from editorial.registry import Page, VerbSpec
from editorial.roles import is_board, is_editor


class ZoneInput(forms.TextInput):
    """A text field that suggests every time zone; the browser searches in them as one types."""

    template_name = "editorial/zone_input.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, {**(attrs or {}), "list": "known-zones", "autocomplete": "off"})
        return {**context, "zones": sorted(available_timezones())}


class PreferencesForm(VerbForm):
    hour = forms.TypedChoiceField(
        label=gettext_lazy("Hour of the day's mail"),
        choices=HOURS,
        coerce=int,
        help_text=gettext_lazy(
            "News and reminders come together in one mail at this hour. Invitations come when they are written."
        ),
    )
    quiet_from = forms.TypedChoiceField(label=gettext_lazy("Quiet from"), choices=HOURS, coerce=int)
    quiet_until = forms.TypedChoiceField(
        label=gettext_lazy("Quiet until"),
        choices=HOURS,
        coerce=int,
        help_text=gettext_lazy("Only urgent mail leaves in between. The same hour twice: no quiet hours."),
    )
    weekly = forms.BooleanField(label=gettext_lazy("Send me the weekly summary"), required=False)
    weekly_day = forms.TypedChoiceField(
        label=gettext_lazy("Day of the summary"), choices=MailPreferences.Weekday.choices, coerce=int
    )
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=64,
        widget=ZoneInput,
        validators=[known_time_zone],
        help_text=gettext_lazy("For example Europe/Paris. Hours and days count there. Given due days stay."),
    )

    def clean(self) -> dict[str, Any]:
        """The hour is asked for here too, so that the error stands at its field."""
        values = super().clean()
        hours = {name: values[name] for name in ("hour", "quiet_from", "quiet_until") if name in values}
        if len(hours) == 3:
            try:
                MailPreferences(**hours).clean()
            except ValidationError as problem:
                self.add_error(None, problem)
        return values


class LeaveForm(VerbForm):
    first_day = Day(label=gettext_lazy("First day away"))
    last_day = Day(label=gettext_lazy("Last day away"))
    deputy = OneRow(
        label=gettext_lazy("Who decides for you"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody: the chief editors get your mail too"),
    )


def show(request: HttpRequest) -> HttpResponse:
    """How this person's mail leaves, what can't be switched off, and the ways to change the rest."""
    user = _own(request)
    now = clock.now()
    today = clock.day_in(user.zone, now)
    member = BoardMember.objects.filter(user=user).first() if is_board(user) else None
    context = admin.site.page_context(
        request,
        title=_("Your mail"),
        person=user,
        preferences=habits.of(user),
        next_mail=_in_words(user, now),
        verbs={spec.name: button(spec, user, user, reverse("admin:mail_verb", args=[spec.name])) for spec in VERBS},
        leaves=user.leaves.filter(last_day__gte=today).select_related("deputy") if is_editor(user) else None,
        absences=member.absences.filter(last_day__gte=today).select_related("cover__user") if member else None,
        absence=_absence(member, user) if member else None,
        calendar=calendar_address.address(user) if member else "",
    )
    response = TemplateResponse(request, "admin/editorial/mail.html", context)
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def own_data(request: HttpRequest) -> HttpResponse:
    """What is kept about whoever asks, as a file (GDPR, articles 15 and 20)."""
    data = person_export.data_of(_own(request), now=clock.now())
    response = HttpResponse(person_export.as_json(data), content_type="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="your-data.json"'
    return response


def act(request: HttpRequest, name: str) -> HttpResponse:
    """The page that asks before one of these verbs runs."""
    spec = next((spec for spec in VERBS if spec.name == name), None)
    return _verb_page(request, _own(request), spec)


def end_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends one's own leave; another's looks like one that isn't there."""
    user = _own(request)
    leave = user.leaves.filter(pk=pk).first() if pk <= 10**18 else None
    if leave is None:
        raise Http404
    return _verb_page(request, user, _ending(leave))


def _verb_page(request: HttpRequest, user: User, spec: VerbSpec | None) -> HttpResponse:
    page = reverse("admin:mail")
    shown = {"title": _("Your mail"), "state": "", "state_label": user.time_zone, "url": page, "back": _("Back")}
    return verb_page(request, user, spec, shown=shown, back=page)


def _own(request: HttpRequest) -> User:
    """A row of its own: what the session lends isn't one that a verb can lock."""
    return User.objects.get(pk=request.user.pk)


def _in_words(user: User, now: Any) -> str:
    local = habits.next_slot(user, now).astimezone(user.zone)
    values = {"day": clock.shown(local.date()), "time": f"{local:%H:%M}", "zone": user.time_zone.replace("_", " ")}
    return _("Your next daily mail leaves on %(day)s at %(time)s (%(zone)s), if there is anything to say.") % values


def _absence(member: BoardMember, user: User) -> dict[str, Any] | None:
    spec = registry.find_verb(MEMBER, f"{OWN}absence")
    if spec is None or not membership.is_own(member, user):
        return None
    return button(spec, member, user, reverse("admin:board_verb", args=[member.pk, spec.name]))


def _preferences_form(user: User, actor: User) -> type[VerbForm]:
    chosen = habits.of(user)
    fields = {name: field.__deepcopy__({}) for name, field in PreferencesForm.base_fields.items()}
    for name in habits.FIELDS:
        fields[name].initial = getattr(chosen, name)
    fields["time_zone"].initial = user.time_zone
    return type("PreferencesForm", (PreferencesForm,), {**fields, "field_order": list(PreferencesForm.base_fields)})


def _leave_form(user: User, actor: User) -> type[VerbForm]:
    field = LeaveForm.base_fields["deputy"].__deepcopy__({})
    field.queryset = User.objects.filter(pk__in=[other.pk for other in leaves.may_deputise(user)])
    return type("LeaveForm", (LeaveForm,), {"deputy": field, "field_order": list(LeaveForm.base_fields)})


def _ending(leave: Leave) -> VerbSpec:
    days = {"first": clock.shown(leave.first_day), "last": clock.shown(leave.last_day)}
    return _spec(
        "end_leave",
        gettext_lazy("End this leave"),
        leaves.may_take_leave,
        lambda user, **values: leaves.end_leave(user, leave=leave, **values),
        lambda user, actor: VerbForm,
        _("You are back from today: %(first)s to %(last)s is cut short.") % days,
    )


def _spec(
    name: str, label: Any, condition: Any, run: Callable[..., Any], form: Any, *consequences: Any, editors: bool = False
) -> VerbSpec:
    return VerbSpec(
        name=name,
        label=label,
        condition=condition,
        run=run,
        form=form,
        visible=lambda user, actor: is_editor(actor) if editors else True,
        consequences=lambda user: [*consequences],
    )


VERBS = (
    _spec(
        "preferences",
        gettext_lazy("Change hours, summary or zone"),
        habits.may_change,
        habits.change_preferences,
        _preferences_form,
        gettext_lazy("What waits for your next mail moves to the hour that you choose."),
    ),
    _spec(
        "leave",
        gettext_lazy("Enter a leave"),
        leaves.may_take_leave,
        leaves.add_leave,
        _leave_form,
        gettext_lazy("What is meant for you as handling editor goes to your deputy on these days."),
        gettext_lazy("If your deputy is away too, you get it yourself, and the chief editors as well."),
        editors=True,
    ),
    _spec(
        "calendar",
        gettext_lazy("Make a new address"),
        habits.may_change,
        habits.renew_calendar,
        lambda user, actor: VerbForm,
        gettext_lazy("The old address is dead at once. Subscribe to the new one wherever you used it."),
    ),
)
registry.add_page(Page("mail/", show, "mail"))
registry.add_page(Page("your-data/", own_data, "own_data"))
registry.add_page(Page("mail/<slug:name>/", act, "mail_verb"))
registry.add_page(Page("mail/leave/<int:pk>/end/", end_leave, "mail_end_leave"))
