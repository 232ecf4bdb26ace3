"""Choices of rows whose ids may be anything: what can't be an id is refused in words, never an error page."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.http import HttpRequest

LONGEST_ID = 18
"""Digits of the largest id that every database takes."""


def can_be_id(value: Any) -> bool:
    text = str(value)
    return text == "" or (text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID)


class OneRow(forms.ModelChoiceField):
    def to_python(self, value: Any) -> Any:
        if value is not None and not hasattr(value, "pk") and not can_be_id(value):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})
        return super().to_python(value)


class SomeRows(forms.ModelMultipleChoiceField):
    def _check_values(self, value: Any) -> Any:
        for given in value:
            if not can_be_id(given):
                raise ValidationError(self.error_messages["invalid_pk_value"], params={"pk": given})
        return super()._check_values(value)


class SearchOne(AutocompleteSelect):
    known: Any = None
    """The row that is chosen, where its form has read it already; else it is asked for."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        given = [given for given in value if can_be_id(given)]
        if self.known is None or given != [str(self.known.pk)]:
            return super().optgroups(name, given, attr)
        label = self.choices.field.label_from_instance(self.known)
        empty = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        return [(None, [*empty, self.create_option(name, self.known.pk, label, True, len(empty))], 0)]


def show_known(widget: Any, row: Any) -> None:
    """Have a field's widget show ``row`` as the one that is chosen, without asking for it."""
    inner = getattr(widget, "widget", widget)
    if isinstance(inner, SearchOne):
        inner.known = row


class SearchSome(AutocompleteSelectMultiple):
    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return super().optgroups(name, [given for given in value if can_be_id(given)], attr)


class SafeChoices:
    """For admins and inlines: every choice of rows is one of the above."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("form_class", OneRow)
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs.setdefault("widget", SearchOne(db_field, self.admin_site))  # type: ignore[attr-defined]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("form_class", SomeRows)
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs.setdefault("widget", SearchSome(db_field, self.admin_site))  # type: ignore[attr-defined]
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]
