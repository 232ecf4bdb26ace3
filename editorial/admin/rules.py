"""The policy's rules as its form shows them: one for each risk tier and change class, grouped by tier."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from editorial import capacity, outlook
from editorial.admin.base import InlineByRole
from editorial.admin.choices import SomeRows
from editorial.models import ReviewRule, Specialty
from editorial.models.policy import ChangeClass, RiskTier
from editorial.wording import rule_words

NONE = _("no rule: such rounds can't be opened")
MONTHS = {"max_value": _("A page is reviewed again after 36 months at the latest.")}


class RuleForm(forms.ModelForm):
    """One rule. Without “asked” there is none, and such rounds can't be opened."""

    asked = forms.BooleanField(label=_("There is a rule for this"), required=False)
    also = SomeRows(
        label=_("Other specialties that must approve too"),
        queryset=Specialty.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = ReviewRule
        fields = (
            *("risk_tier", "change_class", "asked", "approvals", "in_specialty", "respond_days", "review_days"),
            *("load_limit", "re_review_months", "changes_needed_blocks", "editor_confirms", "chief_confirms"),
            *("attestation", "also"),
        )
        widgets = {"risk_tier": forms.HiddenInput, "change_class": forms.HiddenInput}
        labels = {
            "approvals": _("Approvals in all"),
            "in_specialty": _("Of these in the article's specialty"),
            "respond_days": _("Days to answer"),
            "review_days": _("Days to review"),
            "load_limit": _("Open reviews a member, at most"),
            "re_review_months": _("Months until it is reviewed again"),
            "changes_needed_blocks": _("One “changes needed” sends the article back"),
            "editor_confirms": _("An editor confirms before publication"),
            "chief_confirms": _("A chief editor confirms before publication"),
            "attestation": _("What an approval means, in the signer's words"),
        }
        help_texts = dict.fromkeys(("approvals", "in_specialty", "changes_needed_blocks", "chief_confirms", "also"), "")
        error_messages = {"re_review_months": MONTHS}

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["asked"].initial = self.instance.pk is not None

    def has_changed(self) -> bool:
        """A rule that isn't there yet is made by asking for it, whatever else was typed."""
        if self.instance.pk is None:
            return bool(self.is_bound and self["asked"].data)
        return super().has_changed()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        approvals, inside = values.get("approvals"), values.get("in_specialty")
        if approvals is None or inside is None:
            return values
        also = len(values.get("also") or ())
        if inside + also > approvals:
            self.add_error(
                "approvals",
                _(
                    "%(inside)s from the article's specialty and %(also)s from others are asked, each by a member of "
                    "its own, but only %(approvals)s approvals in all. Raise that to %(least)s, or ask for fewer."
                )
                % {"inside": inside, "also": also, "approvals": approvals, "least": inside + also},
            )
        if approvals == 0 and values.get("change_class") != ChangeClass.TYPOGRAPHIC:
            self.add_error("approvals", _("Only a typographic change goes without an approval by the board."))
        elif approvals == 0 and not values.get("editor_confirms"):
            self.add_error("approvals", _("Without an approval a second editor has to sign: tick the confirmation."))
        if values.get("respond_days", 0) > values.get("review_days", 0) > 0:
            self.add_error("respond_days", _("An answer is due before the review is: give fewer days to answer."))
        return values

    def _get_validation_exclusions(self) -> set[str]:
        """The checks of the table say less well what ``clean`` has said already."""
        left_out = super()._get_validation_exclusions()
        return left_out | {"approvals"} if "approvals" in self._errors else left_out

    @property
    def name(self) -> str:
        return str(ChangeClass(self.change_class).label) if self.change_class in ChangeClass.values else ""

    @property
    def change_class(self) -> str:
        return self.instance.change_class or self.initial.get("change_class", "")

    @property
    def tier(self) -> str:
        return self.instance.risk_tier or self.initial.get("risk_tier", "")

    @property
    def words(self) -> list[Any]:
        return rule_words(self.instance) if self.instance.pk else [NONE]

    def as_rule(self) -> capacity.Rule | None:
        """What the form asks for now, typed or saved; nothing where it asks for no rule or can't be read."""
        if not self.is_bound:
            return outlook.rule_of(self.instance) if self.instance.pk else None
        values = getattr(self, "cleaned_data", {})
        if not self.is_valid() or not values.get("asked"):
            return None
        return outlook.rule_values(values.get)


@dataclass(frozen=True)
class NoRule:
    """Where there is no rule, on a page that changes nothing."""

    name: str
    words: tuple[Any, ...] = (NONE,)


class RuleFormSet(forms.BaseInlineFormSet):
    """Every combination has its form; those without a rule stand ready to be asked for."""

    def __init__(self, *args: Any, instance: Any = None, **values: Any) -> None:
        there = set(instance.rules.values_list("risk_tier", "change_class")) if instance and instance.pk else set()
        lacking = [(t, c) for t in RiskTier.values for c in ChangeClass.values if (t, c) not in there]
        self.extra = len(lacking)
        initial = [{"risk_tier": tier, "change_class": change} for tier, change in lacking]
        super().__init__(*args, instance=instance, **{**values, "initial": initial})

    @cached_property
    def specialties(self) -> list[tuple[int, str]]:
        return list(Specialty.objects.values_list("pk", "name"))

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields.pop("DELETE", None)
        if "also" in form.fields:
            form.fields["also"].choices = self.specialties

    def _should_delete_form(self, form: Any) -> bool:
        return bool(form.instance.pk) and not getattr(form, "cleaned_data", {}).get("asked")

    def by_tier(self) -> Iterator[tuple[str, list["RuleForm | NoRule"]]]:
        """The forms as the page groups them, in the order of the tiers and classes."""
        known = {(form.tier, form.change_class): form for form in self.forms}
        for tier in RiskTier:
            yield str(tier.label), [known.get((tier, change)) or NoRule(str(change.label)) for change in ChangeClass]

    def as_rules(self) -> list[capacity.Rule]:
        return [rule for form in self.forms if (rule := form.as_rule()) is not None]


class RuleInline(InlineByRole, admin.StackedInline):
    model = ReviewRule
    form = RuleForm
    formset = RuleFormSet
    template = "admin/editorial/rules.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("policy").prefetch_related("also")
