"""The library: references and topics."""

from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models import Reference, Topic
from editorial.admin.base import ByRole, Historied
from editorial.roles import Role


class References(Historied):
    keepers = frozenset({Role.EDITOR, Role.AUTHOR})
    list_display = ("title", "kind", "container_title", "year", "status")
    list_filter = ("kind", "status")
    search_fields = ("title", "doi", "pmid", "container_title", "authors")
    autocomplete_fields = ("superseded_by",)
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    fieldsets = (
        (None, {"fields": ("kind", "title", "authors")}),
        (_("Where it appeared"), {"fields": (("container_title", "publisher"), ("year", "volume", "issue", "page"))}),
        (_("Identifiers"), {"fields": (("doi", "pmid"), ("pmcid", "isbn"), ("url", "accessed_on"))}),
        (_("Status"), {"fields": (("status", "status_checked_on"), "superseded_by", "csl_type")}),
    )


class Topics(ByRole):
    keepers = frozenset({Role.EDITOR, Role.AUTHOR})
    prepopulated_fields = {"slug": ("name",)}
    search_fields = ("name",)


admin.site.register(Reference, References)
admin.site.register(Topic, Topics)
