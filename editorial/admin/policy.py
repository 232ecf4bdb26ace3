from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial import clock, outlook, policies, registry
from editorial.admin.base import Historied, InlineByRole
from editorial.admin.rules import RuleFormSet, RuleInline
from editorial.admin.verbs import ReasonForm, VerbForm, button, verb_page
from editorial.models import ChecklistItem, EditorialPolicy, User
from editorial.presets import PRESETS
from editorial.registry import VerbSpec, add_verb
from editorial.roles import Role, is_chief
from editorial.verbs import work

LABEL = "editorial.EditorialPolicy"
LATER = gettext_lazy("A policy comes into force on a later day: choose tomorrow or after.")


class PolicyForm(forms.ModelForm):
    class Meta:
        labels = {
            "text": gettext_lazy("Text for readers"),
            "acceptance": gettext_lazy("How members accept a seat"),
            "hide_reviews": gettext_lazy("Hide the others' reviews until one has signed"),
            "re_review_by_clock": gettext_lazy("Ask the board to confirm pages in time, by the clock"),
        }

    def clean_in_force_from(self) -> date:
        day = self.cleaned_data["in_force_from"]
        if day <= clock.now().date():
            raise ValidationError(LATER)
        return day

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "_check" in self.data and not self.errors:
            raise ValidationError(_("Checked, and not saved yet. See above what it asks of the board."))
        return values


class ItemInline(InlineByRole, admin.StackedInline):
    model = ChecklistItem
    fields = ("text", ("position", "critical", "every_class"))
    verbose_name = gettext_lazy("checklist question")
    verbose_name_plural = gettext_lazy("checklist")


class DraftForm(VerbForm):
    base = forms.ChoiceField(
        label=gettext_lazy("Rules to start from"),
        widget=forms.RadioSelect,
        initial=policies.PRESENT,
        choices=[
            (policies.PRESENT, gettext_lazy("This version's own rules")),
            *((name, preset.label) for name, preset in PRESETS.items()),
        ],
    )
    in_force_from = forms.DateField(
        label=gettext_lazy("In force from"),
        initial=lambda: clock.now().date() + timedelta(days=1),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Until then it can be changed. Tomorrow at the earliest."),
    )

    def clean_in_force_from(self) -> date:
        day = self.cleaned_data["in_force_from"]
        if day <= clock.now().date():
            raise ValidationError(LATER)
        return day


class Policies(Historied):
    """A version in force is never changed: rounds were opened under it. The next one is drafted from it."""

    keepers = frozenset({Role.CHIEF})
    list_display = ("version", "in_force_from", "standing")
    fields = ("in_force_from", "acceptance", "hide_reviews", "re_review_by_clock", "text")
    inlines = (RuleInline, ItemInline)
    form = PolicyForm

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/verb/<slug:name>/", wrap(self.verb_view), name="editorial_editorialpolicy_verb"),
            path("newest/", wrap(self.newest_view), name="editorial_editorialpolicy_newest"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Each version with the id of the one that is in force today."""
        begun = EditorialPolicy.objects.filter(in_force_from__lte=clock.now().date(), disabled_at=None)
        newest = begun.order_by("-version").values("pk")[:1]
        return super().get_queryset(request).annotate(in_force_pk=Subquery(newest))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A version is drafted from another one, so that nothing is forgotten."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        fixed = obj is not None and not obj.may_change(clock.now().date())
        return not fixed and super().has_change_permission(request, obj)

    def verb_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        policy = self.get_queryset(request).filter(pk=pk).first()
        if policy is None:
            raise Http404
        here = reverse("admin:editorial_editorialpolicy_change", args=[pk])
        shown = {"title": str(policy), "state": "", "state_label": self.standing(policy), "url": here}
        back = reverse("admin:editorial_editorialpolicy_newest") if name == "draft" else here
        return verb_page(request, policy, registry.find_verb(LABEL, name), shown=shown, back=back)

    def newest_view(self, request: HttpRequest) -> HttpResponse:
        """Where a version that was just drafted is found."""
        newest = EditorialPolicy.objects.first()
        if newest is None or not self.has_view_permission(request):
            raise Http404
        return HttpResponseRedirect(reverse("admin:editorial_editorialpolicy_change", args=[newest.pk]))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        newest = EditorialPolicy.objects.first()
        offers = self._offers(newest, request.user) if newest else []
        draft = [offer for offer in offers if offer["name"] == "draft"]
        return super().changelist_view(request, {**(extra_context or {}), "verbs": draft})

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **values: Any) -> HttpResponse:
        """Beside the form: where the version stands, and what its rules (the typed ones) ask of the board."""
        policy = values.get("obj")
        formset = next(
            (i.formset for i in context["inline_admin_formsets"] if isinstance(i.formset, RuleFormSet)), None
        )
        if policy and formset:
            today = clock.now().date()
            context["standing"] = self.standing(policy)
            context["outlook"] = outlook.of(formset.as_rules(), today=today)
            context["verbs"] = self._offers(policy, request.user)
            context["refusal"] = policies.may_change(policy, request.user, today=today).reason
        return super().render_change_form(request, context, *args, **values)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """A question gets its code from its words once, and keeps it when they are changed."""
        if formset.model is ChecklistItem:
            taken = set(form.instance.checklist.values_list("code", flat=True))
            for row in formset.extra_forms:
                if row.has_changed() and not row.instance.code:
                    row.instance.code = _free_code(row.instance.text, taken)
        super().save_formset(request, form, formset, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """With its rules saved, the policy goes to the readers' page, and the chief hears what to think about."""
        super().save_related(request, form, formsets, change)
        with work(actor=request.user):
            policies.written(form.instance)
        rules = [outlook.rule_of(rule) for rule in form.instance.rules.prefetch_related("also")]
        found = outlook.of(rules, today=clock.now().date())
        for warning in found.warnings if found.covered else (found.balance, *found.warnings):
            messages.warning(request, warning)

    @admin.display(description=gettext_lazy("standing"))
    def standing(self, policy: EditorialPolicy) -> str:
        today = clock.now().date()
        if policy.disabled_at:
            return _("disabled on %(day)s") % {"day": clock.shown(policy.disabled_at.date())}
        if policy.in_force_from > today:
            return _("from %(day)s; can be changed until then") % {"day": clock.shown(policy.in_force_from)}
        return _("in force") if policy.pk == policy.in_force_pk else _("followed by a later version")

    def _offers(self, policy: EditorialPolicy, user: User) -> list[dict[str, Any]]:
        offers = [spec for spec in registry.verbs_for(LABEL) if spec.visible(policy, user)]
        return [
            button(spec, policy, user, reverse("admin:editorial_editorialpolicy_verb", args=[policy.pk, spec.name]))
            for spec in offers
        ]


def _free_code(text: str, taken: set[str]) -> str:
    stem = slugify(text)[:30].strip("-") or "question"
    code = next(c for number in range(len(taken) + 2) if (c := f"{stem}-{number + 1}" if number else stem) not in taken)
    taken.add(code)
    return code


def _draft_consequences(policy: EditorialPolicy) -> list[str]:
    waiting = EditorialPolicy.objects.filter(in_force_from__gt=clock.now().date(), disabled_at=None)
    return [
        _("The next version gets this one's text, checklist and settings. You can change all of it on its page."),
        *(
            _("Version %(version)s waits for %(day)s already; a newer version goes before it once both are in force.")
            % {"version": other.version, "day": clock.shown(other.in_force_from)}
            for other in waiting
        ),
    ]


def _chiefs(policy: EditorialPolicy, user: User) -> bool:
    return is_chief(user)


add_verb(
    LABEL,
    VerbSpec(
        name="draft",
        label=gettext_lazy("Draft the next version"),
        condition=policies.may_draft,
        run=policies.draft_next,
        form=lambda policy, user: DraftForm,
        visible=_chiefs,
        consequences=_draft_consequences,
        weight=10,
    ),
)
add_verb(
    LABEL,
    VerbSpec(
        name="disable",
        label=gettext_lazy("Disable this version"),
        condition=policies.may_disable,
        run=policies.disable,
        form=lambda policy, user: ReasonForm,
        visible=_chiefs,
        consequences=lambda policy: policies.what_disabling_does(policy, today=clock.now().date()),
        danger=True,
        weight=90,
    ),
)
admin.site.register(EditorialPolicy, Policies)
