from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UsernameField
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from editorial import clock, registry
from editorial.admin.base import ByRole, Historied, InlineByRole
from editorial.admin.licences import VERIFIED, CheckedByAnother
from editorial.admin.membership import LABEL as MEMBER
from editorial.admin.proving import Proving
from editorial.admin.resetting import offers
from editorial.admin.verbs import button
from editorial.models import Absence, BoardMember, Credential, Interest, Specialty, User
from editorial.once import once
from editorial.roles import Role, chiefs, is_chief, is_editor
from editorial.verbs import save


class NewAccountForm(forms.ModelForm):
    """An account without a password: its owner sets one through “Forgot your password?”."""

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "time_zone")
        field_classes = {"username": UsernameField}
        help_texts = {"email": _("They set their password from a link sent there: “Forgot your password?” at sign-in.")}

    def save(self, commit: bool = True) -> User:
        user = super().save(commit=False)
        user.set_unusable_password()
        if commit:
            user.save()
        return user


class AccountForm(forms.ModelForm):
    """What a role or a disabled account would break is refused here, with what to do first."""

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "time_zone", "groups", "is_active")
        field_classes = {"username": UsernameField}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        active = values.get("is_active", self.instance.is_active)
        roles = {group.name for group in values["groups"]} if "groups" in values else None
        kept = active and (roles is None or Role.CHIEF in roles)
        if is_chief(self.instance) and not kept and len(chiefs()) == 1:
            raise forms.ValidationError(_("This is the last chief editor: give the role to somebody else first."))
        member = BoardMember.objects.filter(user=self.instance, struck_off_at__isnull=False)
        if roles and Role.BOARD in roles and member.exists():
            raise forms.ValidationError(_("This person was struck off the board, so the role can't be given back."))
        return values


class Accounts(Proving, ByRole, UserAdmin):
    """Accounts and who holds which role. Nobody here makes a superuser."""

    keepers = frozenset({Role.CHIEF})
    list_display = ("username", "first_name", "last_name", "email", "roles", "is_active")
    list_filter = ("groups", "is_active")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "time_zone")}),
        (_("Roles"), {"fields": ("groups", "is_active")}),
    )
    form = AccountForm
    change_form_template = add_form_template = "admin/editorial/user/change_form.html"
    add_form = NewAccountForm
    add_fieldsets = ((None, {"fields": ("username", "first_name", "last_name", "email", "time_zone")}),)
    filter_horizontal = ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """No password here: nobody sets another person's, since a password is what a signature is proved by."""
        if obj is None:
            return self.add_fieldsets
        return ((None, {"fields": ("username",)}), *self.fieldsets[1:])

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Nobody gives themselves a role; an address, where a new password is sent, is the operator's to change."""
        if obj is None or request.user.is_superuser:
            return ()
        return ("email", "groups", "is_active") if obj.pk == request.user.pk else ("email",)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        offered = offers(self.get_object(request, unquote(object_id)), request.user)
        return super().change_view(request, object_id, form_url, {"verbs": offered, **(extra_context or {})})

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        raise Http404

    def get_queryset(self, request: HttpRequest) -> Any:
        people = super().get_queryset(request).filter(kind=User.Kind.PERSON).prefetch_related("groups")
        return people if request.user.is_superuser else people.filter(is_superuser=False)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser or super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser or is_chief(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An erased account stays as it is: nobody gives it a name or a way in again."""
        return (obj is None or obj.erased_at is None) and self.has_add_permission(request)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Before the board's role or the account goes, open seats pass on, in this same transaction."""
        if change and _loses_the_board(obj, form):
            registry.pass_on(obj, reason="no longer on the board", actor=request.user, now=clock.now())
        super().save_model(request, obj, form, change)
        if change and {"first_name", "last_name"} & set(form.changed_data) and _unchecked(obj, request.user):
            words = _("Licences are checked for a name. This one is new, so another editor checks them once more.")
            messages.warning(request, words)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs |= {"widget": forms.CheckboxSelectMultiple, "label": _("Roles"), "help_text": ""}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())


def _loses_the_board(user: User, form: Any) -> bool:
    disabled = "is_active" in form.changed_data and not user.is_active
    roles = form.cleaned_data.get("groups")
    without = "groups" in form.changed_data and Role.BOARD not in {group.name for group in roles}
    return disabled or without


def _unchecked(user: User, actor: User) -> int:
    """How many licences of this person were checked until now; a licence under another name is another licence."""
    checked = Credential.objects.filter(member__user=user).exclude(verified_on=None)
    for credential in (found := list(checked)):
        credential.verified_on = credential.verified_by = None
        save(credential, actor=actor, reason="another name")
    return len(found)


class CredentialInline(InlineByRole, admin.StackedInline):
    model = Credential
    formset = CheckedByAnother
    fields = ("specialty", "letters", "licence_number", "issuer", "expires_on", "verified_on", "verified_by")
    readonly_fields = ("verified_by",)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        made = super().get_formset(request, obj, **kwargs)
        return type("Credentials", (made,), {"checker": request.user})

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("specialty", "verified_by")


class AbsenceInline(InlineByRole, admin.TabularInline):
    model = Absence
    fk_name = "member"

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "cover":
            kwargs["queryset"] = BoardMember.objects.select_related("user")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class InterestInline(InlineByRole, admin.TabularInline):
    model = Interest
    raw_id_fields = ("person",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An editor adds what a member forgot; what stands declared is its member's to end, or a panel could be
        chosen first and its conflicts edited away.
        """
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An interest ends on a day (“until”); it is never taken back."""
        return False


class Board(Proving, Historied):
    """Who may judge what: a licence that is checked makes a physician, so each save takes fresh proof."""

    viewers = frozenset({Role.EDITOR, Role.BOARD})
    keepers = frozenset({Role.EDITOR})
    list_display = ("name", "specialties", "affiliation", "standing", "joined_on", "left_on")
    list_filter = (("left_on", admin.EmptyFieldListFilter),)
    search_fields = ("user__first_name", "user__last_name", "affiliation")
    inlines = (CredentialInline, AbsenceInline, InterestInline)
    change_list_template = "admin/editorial/boardmember/change_list.html"
    change_form_template = add_form_template = "admin/editorial/boardmember/change_form.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A membership ends by leaving or being struck off, which passes its seats on; it never changes hands."""
        return ("left_on",) if obj is None else ("user", "left_on")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {"invites": is_editor(request.user), "strikes_off": is_chief(request.user), **(extra_context or {})}
        return super().changelist_view(request, context)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        member = self.get_object(request, unquote(object_id))
        verbs = [
            button(spec, member, request.user, reverse("admin:board_verb", args=[member.pk, spec.name]))
            for spec in (registry.verbs_for(MEMBER) if member is not None else ())
            if member.user_id != request.user.pk and spec.visible(member, request.user)
        ]
        offered = [verb for verb in verbs if not verb["refusal"]]
        return super().change_view(request, object_id, form_url, {"verbs": offered, **(extra_context or {})})

    def get_queryset(self, request: HttpRequest) -> Any:
        return (
            super()
            .get_queryset(request)
            .select_related("user")
            .prefetch_related("credentials__specialty", "user__groups")
        )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(kind=User.Kind.PERSON).exclude(pk=request.user.pk)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody verifies their own licence or edits their own interests."""
        own = obj is not None and obj.user_id == request.user.pk
        return not own and super().has_change_permission(request, obj)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Whoever enters the day of verification is the one who verified."""
        for row in formset.forms:
            if formset.model is Credential and "verified_on" in row.changed_data:
                row.instance.verified_by = request.user if row.instance.verified_on else None
            elif formset.model is Credential and VERIFIED & set(row.changed_data):
                row.instance.verified_on = row.instance.verified_by = None  # what was checked is another licence now
        super().save_formset(request, form, formset, change)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Members see who sits on the board, not each other's licences and interests."""
        return self.inlines if Historied.has_change_permission(self, request, obj) else ()

    @admin.display(description=_("name"), ordering="user__last_name")
    def name(self, member: BoardMember) -> str:
        return member.user.shown_name

    @admin.display(description=_("specialties"))
    def specialties(self, member: BoardMember) -> str:
        return ", ".join(dict.fromkeys(credential.specialty.name for credential in member.credentials.all()))

    @admin.display(description=_("standing"))
    def standing(self, member: BoardMember) -> str:
        """Whoever was invited is on the board once they have accepted."""
        seated = any(group.name == Role.BOARD for group in member.user.groups.all())
        return member.stamp_label if seated or member.left_on else _("not on the board")


class Specialties(ByRole):
    """Licences are checked in a specialty: under another name it would make other physicians of their holders."""

    keepers = frozenset({Role.EDITOR})
    prepopulated_fields = {"slug": ("name",)}
    search_fields = ("name",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ()
        return ("name", "slug") if _is_checked_in(obj) else ("slug",)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else self.prepopulated_fields


@once
def _is_checked_in(specialty: Specialty) -> bool:
    return specialty.credentials.exists()


admin.site.register(User, Accounts)
admin.site.register(BoardMember, Board)
admin.site.register(Specialty, Specialties)
