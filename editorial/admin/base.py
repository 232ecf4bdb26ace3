"""What every admin of the desk shares: permissions by role, and history pages that only show."""

from dataclasses import replace
from itertools import pairwise
from operator import attrgetter
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin
from simple_history.models import DeletedObject, ModelChange
from simple_history.template_utils import HistoricalRecordContextHelper
from simple_history.utils import get_m2m_reverse_field_name

from editorial.admin.choices import SafeChoices
from editorial.admin.counting import Pages
from editorial.once import once
from editorial.roles import Role, roles_of
from editorial.verbs import record, work


class ByRole(SafeChoices, admin.ModelAdmin):
    """Permissions from roles: ``viewers`` may look, ``keepers`` may add and change, nobody deletes."""

    viewers: frozenset[Role] = frozenset({Role.EDITOR})
    keepers: frozenset[Role] = frozenset()
    list_per_page = 50
    nothing_yet: Any = ""
    """What an empty list is for, and what will stand in it."""
    show_full_result_count = False
    paginator = Pages

    @property
    def media(self) -> forms.Media:
        """The framework's scripts, without those that make slugs where no field is one: they are a third of a page."""
        if self.prepopulated_fields:
            return super().media
        scripts = ("vendor/jquery/jquery.min.js", "jquery.init.js", "core.js", "admin/RelatedObjectLookups.js")
        return forms.Media(js=[f"admin/js/{script}" for script in (*scripts, "actions.js")])

    @once
    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, read once for a page that only shows it."""
        return super().get_object(request, object_id, from_field)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(roles_of(request.user) & (self.viewers | self.keepers))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(roles_of(request.user) & self.keepers)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(roles_of(request.user) & self.keepers)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only what the list offers as a filter, by plain equality: no searching by anybody's hidden fields."""
        offered = {name if isinstance(name, str) else name[0] for name in self.get_list_filter(request)}
        field, _sep, way = lookup.partition("__")
        return field in offered and way in ("", "exact", "id__exact", "isempty", "isnull")

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        self._recorded(request, obj, "added", message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        self._recorded(request, obj, "changed", message)
        return super().log_change(request, obj, message)

    def _recorded(self, request: HttpRequest, obj: Any, what: str, message: Any) -> None:
        """Leave an audit event: which record, which fields, and who; never the values."""
        changes = [
            {"how": how, "of": str(details.get("name", "")), "fields": [str(f) for f in details.get("fields", ())]}
            for entry in (message if isinstance(message, list) else [])
            for how, details in entry.items()
        ]
        with work(actor=request.user):
            record(f"{obj._meta.model_name}.{what}", f"{obj._meta.model_name}:{obj.pk}", changes=changes)


class ShownChange(HistoricalRecordContextHelper):
    """A change as people say it: nothing as a dash, a choice by its label, several things as a list."""

    def prepare_delta_change_value(self, change: Any, value: Any) -> Any:
        value = super().prepare_delta_change_value(change, value)
        choices = dict(self.model._meta.get_field(change.field).flatchoices)
        if isinstance(value, list):
            return ", ".join(map(str, value)) or "–"
        if value in (None, "") or getattr(value, "pk", "") is None:
            return "–"
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return str(choices.get(value, value)) if isinstance(value, str) else value


class Historied(ByRole, SimpleHistoryAdmin):
    """An admin with a history page. The library's own form there accepts a POST from whoever may look, and
    reverts past every check; so nothing but GET is taken.
    """

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def get_historical_record_context_helper(self, request: HttpRequest, historical_record: Any) -> ShownChange:
        return ShownChange(self.model, historical_record)

    def set_history_delta_changes(
        self, request: HttpRequest, historical_records: Any, foreign_keys_are_objs: bool = True
    ) -> None:
        """What each version changed. The library asks twice for every field of several rows, at every version."""
        records = list(historical_records)
        links = {field.name: _links(records, field) for field in (records[0]._history_m2m_fields if records else ())}
        for newer, older in pairwise(records):
            delta = newer.diff_against(older, excluded_fields=set(links), foreign_keys_are_objs=foreign_keys_are_objs)
            linked = [
                ModelChange(name, rows[older.pk], rows[newer.pk])
                for name, rows in links.items()
                if rows[older.pk] != rows[newer.pk]
            ]
            changes = sorted([*delta.changes, *linked], key=attrgetter("field"))
            helper = self.get_historical_record_context_helper(request, newer)
            newer.history_delta_changes = helper.context_for_delta_changes(replace(delta, changes=changes))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Missing and invisible look the same: 404."""
        row = self.get_object(request, unquote(object_id))
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        return super().history_view(request, object_id, extra_context)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if not version_id.isdecimal() or len(version_id) > 18:
            raise Http404
        row = self.get_object(request, unquote(object_id))
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        return super().history_form_view(request, object_id, version_id, extra_context)


def _links(records: list[Any], field: Any) -> dict[int, list[dict[str, Any]]]:
    """By version, the rows that a many-to-many field led to, in one order and as the library's helper takes them."""
    to, found = get_m2m_reverse_field_name(field), {record.pk: [] for record in records}
    rows = getattr(records[0], field.name).model._base_manager.filter(history__in=list(found))
    for row in rows.select_related(to).order_by(f"{to}_id"):
        gone = DeletedObject(field.related_model, getattr(row, f"{to}_id"))
        found[row.history_id].append({to: getattr(row, to, None) or gone})
    return found


class InlineByRole(SafeChoices):
    """Inlines follow their parent: rows may be added and changed by whoever may change the parent."""

    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._keeps(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._keeps(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._keeps(request, obj)

    def _keeps(self, request: HttpRequest, obj: Any) -> bool:
        parent = self.admin_site._registry[self.parent_model]  # type: ignore[attr-defined]
        return parent.has_change_permission(request, obj) if obj else parent.has_add_permission(request)
