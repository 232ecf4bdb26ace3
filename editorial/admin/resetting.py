"""A chief editor resets what another person has lost: their passkeys, one-time codes and recovery codes."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial import enrolment, registry
from editorial.admin.verbs import ReasonForm, button, verb_page
from editorial.models import User
from editorial.registry import Page, VerbSpec
from editorial.roles import is_chief

LABEL = "editorial.User"


class ResetForm(ReasonForm):
    field_order = ("reason",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("How you know that it is they who ask. Kept in the record; name nobody.")


def offers(user: User | None, viewer: User) -> list[dict[str, Any]]:
    """What a person's page offers beyond the form; a way that stands closed isn't shown."""
    spec = registry.find_verb(LABEL, "reset_factors")
    if user is None or spec is None or not spec.visible(user, viewer) or not spec.condition(user, viewer):
        return []
    return [button(spec, user, viewer, reverse("admin:reset_factors", args=[user.pk]))]


def reset(request: HttpRequest, pk: int) -> HttpResponse:
    user = User.objects.filter(pk=pk, kind=User.Kind.PERSON).first()
    if user is None:
        raise Http404
    back = reverse("admin:editorial_user_change", args=[pk])
    shown = {"title": user.shown_name, "state": "", "state_label": user.username, "url": back}
    shown["back"] = _("Back to the account")
    return verb_page(request, user, registry.find_verb(LABEL, "reset_factors"), shown=shown, back=back)


def _consequences(user: User) -> list[str]:
    name = {"name": user.shown_name}
    return [
        _("%(name)s is signed out everywhere, and gets a mail that says so.") % name,
        _("The password stays: until something new is set up it alone signs them in.") % name,
        _("What they signed stays signed."),
    ]


registry.add_page(Page("people/<int:pk>/reset/", reset, "reset_factors"))
registry.add_verb(
    LABEL,
    VerbSpec(
        name="reset_factors",
        label=gettext_lazy("Reset passkeys and codes"),
        condition=enrolment.may_reset,
        run=enrolment.reset_factors,
        form=lambda user, viewer: ResetForm,
        visible=lambda user, viewer: is_chief(viewer) and not user.is_superuser,
        consequences=_consequences,
        danger=True,
        needs_proof=True,
    ),
)
