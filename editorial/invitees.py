"""Whom to ask to the board: what is known of a person, checked once for the page and for files."""

import unicodedata
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from editorial import clock
from editorial.models import BoardMember, Specialty, User
from editorial.models.user import long_name, seen_name
from editorial.text import clean, deliverable

RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")


def time_zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones())]


class SpecialtyField(forms.CharField):
    """A specialty by its slug or its name. An unknown one is refused with those that are known."""

    def clean(self, value: Any) -> Specialty:
        text = super().clean(value)
        for specialty in self.known():
            if text.casefold() in (specialty.slug.casefold(), specialty.name.casefold()):
                return specialty
        names = ", ".join(specialty.name for specialty in self.known()) or gettext("none yet")
        raise ValidationError(
            gettext("“%(text)s” isn't a specialty here. Known are: %(names)s."), params={"text": text, "names": names}
        )

    def known(self) -> list[Specialty]:
        if not hasattr(self, "_known"):
            self._known = list(Specialty.objects.all())
        return self._known


class InviteeForm(forms.Form):
    """One person. Values that a spreadsheet would run as a formula are refused: they never come back out of a list."""

    first_name = forms.CharField(label=_("First name"), max_length=150)
    last_name = forms.CharField(label=_("Last name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    specialty = SpecialtyField(label=_("Specialty"), max_length=100)
    letters = forms.CharField(label=_("Letters"), max_length=60, help_text=_("As shown behind the name: MD, PhD"))
    licence_number = forms.CharField(label=_("Licence number"), max_length=60)
    issuer = forms.CharField(label=_("Issued by"), max_length=200)
    expires_on = forms.DateField(
        label=_("Expires on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Write the day as 2027-03-14.")},
    )
    affiliation = forms.CharField(label=_("Affiliation"), max_length=200, required=False)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zones,
        required=False,
        error_messages={
            "invalid_choice": _("“%(value)s” isn't a time zone; write one such as Europe/Paris."),
        },
    )
    load_limit = forms.IntegerField(
        label=_("Load limit"),
        min_value=0,
        max_value=99,
        required=False,
        help_text=_("Open reviews at once; empty: as the policy says."),
    )

    def clean_email(self) -> str:
        deliverable(self.cleaned_data["email"])
        return str(self.cleaned_data["email"])

    def clean_expires_on(self) -> date:
        day = self.cleaned_data["expires_on"]
        if day < clock.now().date():
            raise ValidationError(_("That day lies behind: the credential has expired."))
        return day

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name, value in list(values.items()):  # a value that is refused drops out of them
            if isinstance(value, str):
                values[name] = self._checked(name, " ".join(value.split()))
        try:
            long_name(values.get("first_name", ""), values.get("last_name", ""))
            seen_name(values.get("first_name", ""), values.get("last_name", ""))
        except ValidationError as problem:
            self.add_error("last_name", problem)
        values["time_zone"] = values.get("time_zone") or settings.TIME_ZONE
        return values

    def _checked(self, name: str, value: str) -> str:
        if value.startswith(RUN_BY_SPREADSHEETS):
            sign = {"char": value[0]}
            self.add_error(name, gettext("It begins with “%(char)s”, as a spreadsheet's formula does.") % sign)
        try:
            return clean(value)
        except ValidationError as problem:
            self.add_error(name, problem)
            return ""


class Names:
    """Usernames and slugs that are still free; taken ones are read once, so that a long file costs two queries."""

    def __init__(self) -> None:
        self.usernames = set(User.objects.values_list("username", flat=True))
        self.slugs = set(BoardMember.objects.values_list("slug", flat=True))

    def username(self, first: str, last: str) -> str:
        return _free(f"{_plain(first)}.{_plain(last)}".strip("."), self.usernames, longest=140)

    def slug(self, first: str, last: str) -> str:
        return _free(f"{_plain(first)}-{_plain(last)}".strip("-"), self.slugs, longest=44)


def _plain(name: str) -> str:
    return slugify(unicodedata.normalize("NFKD", name))


def _free(wanted: str, taken: set[str], *, longest: int) -> str:
    base = wanted[:longest] or "member"
    found, number = base, 1
    while found in taken:
        number += 1
        found = f"{base}-{number}"
    taken.add(found)
    return found
