from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _

from editorial import clock, registry
from editorial.admin.base import ByRole, Historied, InlineByRole
from editorial.models import ClosedPeriod, EditorialPolicy, ReviewRule
from editorial.roles import Role


class RuleInline(InlineByRole, admin.TabularInline):
    model = ReviewRule
    fields = (
        "risk_tier",
        "change_class",
        "approvals",
        "in_specialty",
        "changes_needed_blocks",
        "editor_confirms",
        "respond_days",
        "review_days",
        "load_limit",
        "re_review_months",
        "attestation",
    )


class PolicyForm(forms.ModelForm):
    def clean_in_force_from(self) -> date:
        day = self.cleaned_data["in_force_from"]
        if day <= clock.now().date():
            raise forms.ValidationError(_("A policy comes into force on a later day: choose tomorrow or after."))
        return day


class Policies(Historied):
    """A version in force is never changed: rounds were opened under it. Add the next one."""

    keepers = frozenset({Role.CHIEF})
    list_display = ("version", "in_force_from")
    inlines = (RuleInline,)
    form = PolicyForm

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """With its rules saved, the policy goes to the readers' page."""
        super().save_related(request, form, formsets, change)
        registry.setups()["reader's policy page"]()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        started = obj is not None and obj.in_force_from <= clock.now().date()
        return not started and super().has_change_permission(request, obj)


class ClosedPeriods(ByRole):
    keepers = frozenset({Role.CHIEF})
    list_display = ("name", "first_day", "last_day")


admin.site.register(EditorialPolicy, Policies)
admin.site.register(ClosedPeriod, ClosedPeriods)
