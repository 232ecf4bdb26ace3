"""The rules of reminding, each shown with what it would send before it is saved; and what became of each reminder."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from editorial import clock
from editorial.admin.base import ByRole
from editorial.admin.parking import WithParking
from editorial.roles import Role
from editorial.verbs import record, work
from reviews import reminders
from reviews.models import ReminderDispatch, ReminderRule

SETTINGS = (
    *("name", "trigger", "audience", "offset_days", "repeats", "every_days"),
    *("quiet_days", "stale_after_days", "note", "active"),
)


_FIRST_PRESS = {"save_label": gettext_lazy("See what it would send"), "show_save_and_continue": False}
"""The form's one button shows the preview; saving is done there."""


class RuleForm(forms.ModelForm):
    """The same values twice: first to look at what they would do, then to save them."""

    class Meta:
        model = ReminderRule
        fields = SETTINGS
        labels = {
            "trigger": gettext_lazy("When"),
            "audience": gettext_lazy("To"),
            "repeats": gettext_lazy("Repeat"),
            "quiet_days": gettext_lazy("Quiet after a reminder by hand, days"),
            "stale_after_days": gettext_lazy("Too late after … days"),
        }


class Rules(ByRole):
    """A rule once used is switched off, never deleted: reminders on record name it."""

    keepers = frozenset({Role.CHIEF})
    form = RuleForm
    fields = SETTINGS
    list_display = ("name", "in_words", "active")
    list_filter = ("trigger", "audience", "active")

    @admin.display(description=gettext_lazy("what it does"))
    def in_words(self, rule: ReminderRule) -> str:
        return reminders.rule_words(rule)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The first POST shows the preview, “Back” the form again with its values; only “Save” after it saves."""
        if request.method == "POST" and "_confirm" not in request.POST:
            page = self._before_saving(request, object_id)
            if page is not None:
                return page
        context = {**_FIRST_PRESS, **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    def _before_saving(self, request: HttpRequest, object_id: str | None) -> HttpResponse | None:
        """The preview, or the form as it was typed; nothing where the framework has to answer: refused or wrong."""
        rule = self.get_object(request, object_id) if object_id else None
        allowed = self.has_change_permission(request, rule) if object_id else self.has_add_permission(request)
        if not allowed or (object_id and rule is None):
            return None
        form = self.get_form(request, rule, change=bool(object_id))(request.POST, instance=rule)
        if not form.is_valid():
            return None
        return self._form_again(request, form, rule) if "_back" in request.POST else self._preview(request, form)

    def _preview(self, request: HttpRequest, form: RuleForm) -> HttpResponse:
        rule = form.instance
        found = reminders.preview(rule, now=clock.now())
        count = found.today.count
        sends = ngettext("This would send %(count)s mail today.", "This would send %(count)s mails today.", count)
        context = admin.site.page_context(
            request,
            title=_("Before you save “%(name)s”") % {"name": rule.name},
            words=reminders.rule_words(rule),
            sends=sends % {"count": count},
            found=found,
            form=form,
            active=rule.active,
            list_url=reverse("admin:reviews_reminderrule_changelist"),
        )
        return TemplateResponse(request, "admin/reviews/reminderrule/preview.html", context)

    def _form_again(self, request: HttpRequest, form: RuleForm, rule: ReminderRule | None) -> HttpResponse:
        fieldsets = self.get_fieldsets(request, rule)
        shown = admin.helpers.AdminForm(form, list(fieldsets), {}, (), model_admin=self)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change the rule") if rule else _("New rule"),
            "adminform": shown,
            "original": rule,
            "inline_admin_formsets": [],
            "errors": [],
            "media": self.media + form.media,
            "is_popup": False,
            "to_field": None,
            "show_save": True,
            **_FIRST_PRESS,
            "preserved_filters": self.get_preserved_filters(request),
        }
        return self.render_change_form(request, context, add=rule is None, change=rule is not None, obj=rule)

    def save_model(self, request: HttpRequest, obj: ReminderRule, form: Any, change: bool) -> None:
        """With who changed which setting from what to what."""
        with work(actor=request.user):
            before = ReminderRule.objects.filter(pk=obj.pk).values(*SETTINGS).first() or {}
            super().save_model(request, obj, form, change)
            after = {name: getattr(obj, name) for name in SETTINGS}
            changed = [name for name in SETTINGS if before.get(name) != after[name]]
            record(
                "reminder_rule.changed" if change else "reminder_rule.added",
                f"reminderrule:{obj.pk}",
                before={name: before[name] for name in changed if name in before},
                after={name: after[name] for name in changed},
            )

    def _recorded(self, request: HttpRequest, obj: ReminderRule, what: str, message: Any) -> None:
        """``save_model`` leaves the event, with the values."""


class Dispatches(WithParking):
    """What became of each reminder. One that is parked waits for a chief editor."""

    list_display = ("rule", "target", "recipient", "scheduled_for", "state", "skip_reason")
    list_filter = ("state", "rule__trigger", "rule")
    ordering = ("-scheduled_for", "-pk")
    list_select_related = ("rule", "recipient")
    fields = (
        *("rule", "target", "recipient", "occurrence", "due_version", "scheduled_for"),
        *("state", "skip_reason", "attempts", "done_at"),
    )
    readonly_fields = fields
    parking = reminders.PARKED


admin.site.register(ReminderRule, Rules)
admin.site.register(ReminderDispatch, Dispatches)
