"""The library: references and topics."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles import library
from articles.models import Reference, Topic
from editorial.admin.base import ByRole, Historied
from editorial.roles import Role, is_editor


class References(Historied):
    keepers = frozenset({Role.EDITOR, Role.AUTHOR})
    list_display = ("title", "kind", "container_title", "year", "status")
    list_filter = ("kind", "status")
    search_fields = ("title", "doi", "pmid", "container_title", "authors")
    autocomplete_fields = ("superseded_by",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Whether a source is retracted is the editors' to say: preflight blocks on it."""
        return () if is_editor(request.user) else ("status", "status_checked_on", "superseded_by")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """By words, and by a DOI or PMID however it was pasted."""
        found, twice = super().get_search_results(request, queryset, search_term)
        identifier, value = library.identified(search_term.strip())
        return found | queryset.filter(**{identifier: value}) if identifier else found, twice

    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    fieldsets = (
        (None, {"fields": ("kind", "title", "authors")}),
        (_("Where it appeared"), {"fields": (("container_title", "publisher"), ("year", "volume", "issue", "page"))}),
        (_("Identifiers"), {"fields": (("doi", "pmid"), ("pmcid", "isbn"), ("url", "accessed_on"))}),
        (_("Status"), {"fields": (("status", "status_checked_on"), "superseded_by", "csl_type")}),
    )


class Topics(ByRole):
    viewers = frozenset({Role.EDITOR, Role.AUTHOR})
    keepers = frozenset({Role.EDITOR})
    prepopulated_fields = {"slug": ("name",)}
    search_fields = ("name",)


admin.site.register(Reference, References)
admin.site.register(Topic, Topics)
