"""The fields of a form that prove who acts. Every form that signs gets them here and shows them by one partial."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial import passkeys, reauth
from editorial.reauth import Asked, Given

FIELDS = ("password", "one_time_code", "passkey")


class _Once:
    """What counts once isn't shown again when a form comes back."""

    def get_context(self, name: str, value: Any, attrs: Any) -> Any:
        return super().get_context(name, None, attrs)  # type: ignore[misc]


class _OneTimeInput(_Once, forms.TextInput):
    pass


class _AnswerInput(_Once, forms.HiddenInput):
    pass


class ProofFields(forms.Form):
    """Takes ``asked``, what this person is asked for; without it the password alone."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=gettext_lazy("Proves that it is you who signs, now."),
    )
    one_time_code = forms.CharField(
        label=gettext_lazy("One-time code"),
        max_length=20,
        required=False,
        widget=_OneTimeInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text=gettext_lazy("Six digits from your app. Asked for once in 15 minutes."),
    )
    passkey = forms.CharField(required=False, max_length=passkeys.LARGEST_ANSWER, widget=_AnswerInput)

    proof_names = FIELDS
    needed = gettext_lazy("This field is required.")

    def __init__(self, *args: Any, asked: Asked | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked or Asked()
        if not self.asked.code:
            del self.fields["one_time_code"]
        if not self.asked.passkey:
            del self.fields["passkey"]
            self.fields["password"].required = True

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("passkey"):
            return values
        if self.asked.passkey and not values.get("password"):
            self.add_error("password", _("Use your passkey, or type your password."))
        if self.asked.code and not values.get("one_time_code"):
            self.add_error("one_time_code", self.needed)
        return values


def with_proof(form: type[Any]) -> type[Any]:
    """The same form with the fields of fresh proof at its end."""
    return type(f"{form.__name__}WithProof", (ProofFields, form), {})


def asked_of(request: HttpRequest) -> Asked:
    return reauth.asked_of(request.user, request.session.session_key or "")


def given_in(request: HttpRequest, values: dict[str, Any], *, recovery: bool = False) -> Given:
    """What a valid form brought as proof."""
    return Given(
        password=values.get("password", ""),
        code=values.get("one_time_code", ""),
        passkey=values.get("passkey", ""),
        form=str(values["request_id"]),
        origin=passkeys.origin_of(request),
        session=request.session.session_key or "",
        recovery=recovery,
    )
