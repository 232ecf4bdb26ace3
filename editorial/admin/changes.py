"""Changes past the verbs, for chief editors: what was changed, by which database account, and what came of it."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from editorial import registry, unexplained
from editorial.admin.base import ByRole
from editorial.admin.verbs import ReasonForm, verb_page
from editorial.models import UnexplainedChange, User
from editorial.registry import VerbSpec, add_verb
from editorial.roles import Role, is_chief

LABEL = "editorial.UnexplainedChange"
WORDS = {"I": _("added"), "U": _("changed"), "D": _("deleted"), "T": _("emptied")}


class Changes(ByRole):
    """Nothing here can be edited: a change is looked into, and the reason goes into the record."""

    viewers = frozenset({Role.CHIEF})
    nothing_yet = _(
        "Whatever is changed in the database itself, past this desk, will stand here until you looked into it."
    )
    list_display = ("began_at", "account", "changed_rows", "first_row", "standing", "acknowledge")
    list_display_links = ("began_at",)
    list_select_related = ("acknowledged_by",)
    fields = (
        "began_at",
        "account",
        "transaction",
        "changed_rows",
        "what",
        "found_at",
        "standing",
        "reason",
        "acknowledge",
    )
    readonly_fields = fields

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.verb_view)
        name = "editorial_unexplainedchange_verb"
        return [path("<int:pk>/verb/<slug:name>/", view, name=name), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def verb_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        change = UnexplainedChange.objects.filter(pk=pk).first()
        if change is None:
            raise Http404
        back = reverse("admin:editorial_unexplainedchange_changelist")
        here = reverse("admin:editorial_unexplainedchange_change", args=[pk])
        shown = {"title": self.first_row(change), "state": "", "state_label": change.stamp_label, "url": here}
        return verb_page(request, change, registry.find_verb(LABEL, name), shown=shown, back=back)

    @admin.display(description=_("database account"))
    def account(self, change: UnexplainedChange) -> str:
        return change.role

    @admin.display(description=_("rows changed"))
    def changed_rows(self, change: UnexplainedChange) -> int:
        return change.changes

    @admin.display(description=_("first row"))
    def first_row(self, change: UnexplainedChange) -> str:
        table, row, *_rest = change.rows[0] if change.rows else ("", "")
        return f"{table} {row}".strip()

    @admin.display(description=_("what was changed"))
    def what(self, change: UnexplainedChange) -> str:
        rows = ((f"{table} {row}", _said(operation, columns)) for table, row, operation, columns in change.rows)
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {}</li>", rows))

    @admin.display(description=_("standing"))
    def standing(self, change: UnexplainedChange) -> str:
        if change.acknowledged_by is None:
            return change.stamp_label
        return f"{change.stamp_label}: {change.acknowledged_by.shown_name}"

    @admin.display(description="")
    def acknowledge(self, change: UnexplainedChange) -> str:
        if change.acknowledged_at:
            return ""
        url = reverse("admin:editorial_unexplainedchange_verb", args=[change.pk, "acknowledge"])
        return format_html('<a href="{}">{}</a>', url, ACKNOWLEDGE.label)


def _said(operation: str, columns: list[str]) -> str:
    word = WORDS.get(operation, operation)
    return f"{word} ({', '.join(columns)})" if columns else str(word)


def _consequences(change: UnexplainedChange) -> list[Any]:
    return [
        _("Your name and the reason go into the record; the change itself stays as it was noted."),
        _("“manage.py verify” no longer reports it, and the line at the top of the desk goes."),
    ]


def _chiefs(change: UnexplainedChange, user: User) -> bool:
    return is_chief(user)


ACKNOWLEDGE = VerbSpec(
    name="acknowledge",
    label=_("Acknowledge"),
    condition=unexplained.may_acknowledge,
    run=unexplained.acknowledge,
    form=lambda change, user: ReasonForm,
    visible=_chiefs,
    consequences=_consequences,
)
add_verb(LABEL, ACKNOWLEDGE)
admin.site.register(UnexplainedChange, Changes)
