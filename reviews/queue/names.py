"""Reviewers to choose from: by a list of those at work, or by a name where they are too many for a list."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from editorial.models import BoardMember, User
from editorial.text import clean
from reviews.models import ReviewAssignment

MOST_LISTED = 200
"""Names in a list that somebody still finds one in. It would be most of the page's size and time, too."""

MOST_WORDS = 8
"""Of a search; those behind them are left out."""


class Names(forms.Select):
    """A select, written in one go: a template for each option, as the framework has it, takes most of a page's time."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen = str(value or "")
        given = {"name": name, **self.build_attrs(self.attrs, attrs)}
        texts = ((key, text) for key, text in given.items() if not isinstance(text, bool))
        said = format_html_join("", ' {}="{}"', texts)
        said += format_html_join("", " {}", ((key,) for key, text in given.items() if text is True))
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((pk, SafeString(" selected") if str(pk) == chosen else "", label) for pk, label in self.choices),
        )
        return format_html("<select{}>{}</select>", said, options)


class NameField(forms.CharField):
    """Words of a reviewer's name, or the number that a list once sent."""

    def clean(self, value: Any) -> str:
        return clean(super().clean(value))


def field(user: User) -> forms.Field:
    """The choice of a reviewer: whoever sits on an open panel.

    But for the panels of what ``user`` wrote: authors don't learn who reviews it.
    """
    label = _("Reviewer")
    people = _at_work(user)
    if len(people) > MOST_LISTED:
        words = forms.TextInput(attrs={"type": "search", "placeholder": _("Reviewer's name")})
        return NameField(label=label, max_length=100, required=False, widget=words)
    choices = [("", _("Any reviewer")), *((str(member.pk), str(member)) for member in people)]
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=Names)


def named(value: str) -> QuerySet[ReviewAssignment]:
    """The seats, on open panels, of whom a ``field`` names."""
    seats = ReviewAssignment.objects.at_work().order_by()
    if value.isdecimal():
        return seats.filter(member=int(value)) if len(value) < 19 else seats.none()
    for word in value.split()[:MOST_WORDS]:
        seats = seats.filter(
            Q(member__user__first_name__icontains=word)
            | Q(member__user__last_name__icontains=word)
            | Q(member__user__username__icontains=word)
        )
    return seats


def _at_work(user: User) -> list[BoardMember]:
    """By name; of more than ``MOST_LISTED`` just some."""
    seats = ReviewAssignment.objects.at_work().filter(member=OuterRef("pk")).exclude(round__article__authors=user)
    rows = BoardMember.objects.filter(Exists(seats)).select_related("user")
    rows = rows.only("id", "user__username", "user__first_name", "user__last_name").order_by()
    found = list(rows[: MOST_LISTED + 1])
    return sorted(found, key=lambda member: (member.user.last_name, member.user.first_name, member.pk))
