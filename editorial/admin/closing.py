"""Closed periods. Adding one re-dates nothing: its page says what falls due in it, and offers to move that."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from editorial import registry
from editorial.admin.base import ByRole
from editorial.admin.verbs import button, verb_page
from editorial.models import ClosedPeriod, User
from editorial.roles import Role

LABEL = "editorial.ClosedPeriod"
LONGEST = 92
"""Days of one period: a longer one is a slip of the year."""


class ClosedPeriodForm(forms.ModelForm):
    class Meta:
        help_texts = {"last_day": _("Both days are included. Nothing falls due on them and nothing expires.")}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("first_day"), values.get("last_day")
        if first is None or last is None:
            return values
        if last < first:
            self.add_error("last_day", _("The last day lies before the first."))
        elif (last - first).days >= LONGEST:
            self.add_error("last_day", _("That is %(days)s days; check the year.") % {"days": (last - first).days + 1})
        others = ClosedPeriod.objects.exclude(pk=self.instance.pk).filter(first_day__lte=last, last_day__gte=first)
        if clash := others.first():
            words = _("It overlaps “%(other)s”. Change that one, or choose other days.")
            raise ValidationError(words % {"other": clash})
        return values


class ClosedPeriods(ByRole):
    keepers = frozenset({Role.CHIEF})
    list_display = ("name", "first_day", "last_day")
    form = ClosedPeriodForm

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = path("<int:pk>/verb/<slug:name>/", wrap(self.verb_view), name="editorial_closedperiod_verb")
        return [own, *super().get_urls()]

    def verb_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        period = ClosedPeriod.objects.filter(pk=pk).first()
        if period is None:
            raise Http404
        here = reverse("admin:editorial_closedperiod_change", args=[pk])
        shown = {"title": period.name, "state": "", "state_label": str(period), "url": here}
        return verb_page(request, period, registry.find_verb(LABEL, name), shown=shown, back=here)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **values: Any) -> HttpResponse:
        period = values.get("obj")
        context["verbs"] = self._offers(period, request.user) if period else []
        return super().render_change_form(request, context, *args, **values)

    def response_post_save_add(self, request: HttpRequest, obj: ClosedPeriod) -> HttpResponse:
        """Where reviews fall due in it, its page comes next: there they can be moved."""
        waiting = [offer for offer in self._offers(obj, request.user) if not offer["refusal"]]
        if not waiting:
            return super().response_post_save_add(request, obj)
        for offer in waiting:
            messages.warning(request, offer["first"])
        return HttpResponseRedirect(reverse("admin:editorial_closedperiod_change", args=[obj.pk]))

    response_post_save_change = response_post_save_add

    def _offers(self, period: ClosedPeriod, user: User) -> list[dict[str, Any]]:
        offers = [spec for spec in registry.verbs_for(LABEL) if spec.visible(period, user)]
        return [
            {
                **button(spec, period, user, reverse("admin:editorial_closedperiod_verb", args=[period.pk, spec.name])),
                "first": next(iter(spec.consequences(period)), ""),
            }
            for spec in offers
        ]


admin.site.register(ClosedPeriod, ClosedPeriods)
