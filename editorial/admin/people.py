from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from editorial.admin.base import ByRole, Historied, InlineByRole
from editorial.models import Absence, BoardMember, Credential, Interest, Specialty, User
from editorial.roles import Role, is_chief


class Accounts(ByRole, UserAdmin):
    """Accounts and who holds which role. Nobody here makes a superuser."""

    keepers = frozenset({Role.CHIEF})
    list_display = ("username", "first_name", "last_name", "email", "roles", "is_active")
    list_filter = ("groups", "is_active")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "time_zone")}),
        (_("Roles"), {"fields": ("groups", "is_active")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "time_zone")}),
    )
    filter_horizontal = ()

    def get_queryset(self, request: HttpRequest) -> Any:
        people = super().get_queryset(request).filter(kind=User.Kind.PERSON).prefetch_related("groups")
        return people if request.user.is_superuser else people.filter(is_superuser=False)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser or super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser or is_chief(request.user)

    has_change_permission = has_add_permission

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs |= {"widget": forms.CheckboxSelectMultiple, "label": _("Roles"), "help_text": ""}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())


class CredentialInline(InlineByRole, admin.StackedInline):
    model = Credential
    fields = ("specialty", "letters", "licence_number", "issuer", "expires_on", "verified_on", "verified_by")
    readonly_fields = ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "verified_by":
            kwargs["queryset"] = User.objects.filter(groups__name__in=[Role.EDITOR, Role.CHIEF]).distinct()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class AbsenceInline(InlineByRole, admin.TabularInline):
    model = Absence
    fk_name = "member"


class InterestInline(InlineByRole, admin.TabularInline):
    model = Interest
    raw_id_fields = ("person",)


class Board(Historied):
    viewers = frozenset({Role.EDITOR, Role.BOARD})
    keepers = frozenset({Role.EDITOR})
    list_display = ("name", "specialties", "affiliation", "joined_on", "left_on")
    list_filter = (("left_on", admin.EmptyFieldListFilter),)
    search_fields = ("user__first_name", "user__last_name", "affiliation")
    inlines = (CredentialInline, AbsenceInline, InterestInline)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("user").prefetch_related("credentials__specialty")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(kind=User.Kind.PERSON)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Members see who sits on the board, not each other's licences and interests."""
        return self.inlines if Historied.has_change_permission(self, request, obj) else ()

    @admin.display(description=_("name"), ordering="user__last_name")
    def name(self, member: BoardMember) -> str:
        return member.user.shown_name

    @admin.display(description=_("specialties"))
    def specialties(self, member: BoardMember) -> str:
        return ", ".join(dict.fromkeys(credential.specialty.name for credential in member.credentials.all()))


class Specialties(ByRole):
    keepers = frozenset({Role.EDITOR})
    prepopulated_fields = {"slug": ("name",)}
    search_fields = ("name",)


for given in (Group, EmailAddress):  # roles are given, not invented; addresses belong to the account's form
    if admin.site.is_registered(given):
        admin.site.unregister(given)
admin.site.register(User, Accounts)
admin.site.register(BoardMember, Board)
admin.site.register(Specialty, Specialties)
