"""The library: references and topics."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles import library, source_alerts
from articles.models import Reference, Topic
from editorial.admin.base import ByRole, Historied
from editorial.roles import Role, is_editor

STATUS = ("status", "status_checked_on", "superseded_by")
NAME = ("title", "year", "doi", "pmid")


class References(Historied):
    keepers = frozenset({Role.EDITOR, Role.AUTHOR})
    list_display = ("title", "kind", "container_title", "year", "status")
    list_filter = ("kind", "status")
    search_fields = ("title", "doi", "pmid", "container_title", "authors")
    autocomplete_fields = ("superseded_by",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Whether a source is retracted is the editors' to say: preflight blocks on it, and pages say so at once.
        By its name the label finds its place on pages that were signed, so there no author gives it another.
        """
        if is_editor(request.user):
            return ()
        told = obj is not None and source_alerts.speaks_to_readers(obj)
        return (*STATUS, *(NAME if told else ()))

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
