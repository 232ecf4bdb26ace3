"""How django-allauth behaves here: chief editors make accounts, tries are counted by account, words are plain."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from allauth.account import views
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.forms import LoginForm
from allauth.account.internal.userkit import get_user_by_username
from allauth.account.signals import password_reset as was_reset
from allauth.core import context, ratelimit
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial import clock, factors, outbox, passkeys, tries
from editorial.models import User
from editorial.verbs import record, work

logger = logging.getLogger(__name__)


def keep_hash(user: User, password: str) -> None:
    """A stronger hash of the same password, with an event as for each password that is set."""
    with work(actor=user):
        user.set_password(password)
        user._password = None
        user.save(update_fields=["password"])
        record("password.hashed", user.subject)


class OneCheck(AuthenticationBackend):
    """One password is checked for what was typed, be it a name, an address or neither: django-allauth checks it twice
    against an address that it knows, and the time told who has an account.
    """

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        password, typed = credentials["password"], credentials.get("username") or credentials.get("email") or ""
        named = get_user_by_username(typed)
        return self._check_password(named, password) if named else self._authenticate_by_email(typed, password)


class ClosedSignup(DefaultAccountAdapter):
    """Nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": gettext_lazy(
            "Too many wrong tries. Wait five minutes, sign in with a passkey, or ask for a new password."
        ),
        "rate_limited": gettext_lazy("Too many tries. Wait five minutes."),
        "incorrect_code": gettext_lazy("That isn't right, or was used before. Wait for the next code."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Built from the settings like every link in mail, so that a forged Host can't poison it."""
        return outbox.link(reverse("account_reset_password_from_key", kwargs=_split(key)))

    def set_password(self, user: User, password: str) -> None:
        """With an event, as whoever sets a password unseen could sign as its owner."""
        with work(actor=user):
            super().set_password(user, password)
            record("password.changed", user.subject)

    def get_client_ip(self, request: HttpRequest) -> str:
        return tries.origin_of(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Of one account there is one count, whether its name or its address was typed."""
        typed = credentials.get("email") or credentials.get("username") or ""
        return f"login:{tries.count_of(request, tries.account_of(typed))}"

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        response = super().post_login(request, user, **options)
        tries.remember(request, response, user)
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """After the answer has gone out: how long writing and sending take would tell that there is an account."""
        request = context["request"]
        extra = {"email": email, "current_site": get_current_site(request)}
        values = {**extra, **context}
        request.META[LATER].append(partial(_send, partial(self.render_mail, template_prefix, email, values)))


LATER = "editorial.accounts.later"


def password_reset(request: HttpRequest) -> HttpResponse:
    """The page that mails a link, with the same answer in the same time whether or not there is an account."""
    later: list[Callable[[], None]] = []
    request.META[LATER] = later
    response = views.password_reset(request)
    response._resource_closers.extend(later)  # run once the server has sent the answer
    return response


def _send(write: Callable[[], EmailMessage]) -> None:
    try:
        write().send()
    except Exception:  # the answer has gone out: whatever the mail server does, only the log can be told
        logger.exception("A mail with a link to a new password was not sent")


def watch() -> None:
    was_reset.connect(_reset_here, dispatch_uid="editorial.accounts.reset")


def _reset_here(request: HttpRequest, user: User, **_: Any) -> None:
    """Whoever came by the mail's link signs in here, however many others try meanwhile."""
    request.session[tries.RESET] = str(user.pk)


class SignIn(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = gettext_lazy("Username or email")
        self.fields["login"].widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"
        self.fields["password"].widget.attrs.pop("placeholder", None)


class CodeStep(AuthenticateForm):
    """After the password: the app's code, or one of the recovery codes. Each counts once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        self.fields["code"].label = gettext_lazy("One-time code")
        self.fields["code"].help_text = gettext_lazy("Six digits from your app, or one of your recovery codes.")

    def clean_code(self) -> str:
        key = _may_try(self.user)
        code, kind = self.cleaned_data["code"], None
        if factors.take_code(self.user, code, now=clock.now()):
            kind = factors.Type.TOTP
        elif factors.take_recovery_code(self.user, code):
            kind = factors.Type.RECOVERY_CODES
        if kind is None:
            raise ValidationError(_("That code isn't right, or was used before. Wait for the next one."))
        ratelimit.clear(context.request, action="login_failed", key=key)
        self.authenticator = Authenticator.objects.get(user_id=self.user.pk, type=kind)
        return code


class FromHere:
    """A passkey's answer that was given at another address is refused before anything else is looked at."""

    def clean_credential(self) -> Authenticator:
        given = self.cleaned_data["credential"]  # type: ignore[attr-defined]
        if not passkeys.is_from_here(given, passkeys.origin_of(context.request)):
            raise ValidationError(_("That passkey didn't fit. Try again."))
        try:
            return super().clean_credential()  # type: ignore[misc]
        except passkeys.UNREADABLE:
            raise ValidationError(_("That passkey didn't fit. Try again.")) from None


class PasskeyStep(FromHere, AuthenticateWebAuthnForm):
    """After the password."""


class PasskeySignIn(FromHere, LoginWebAuthnForm):
    """Instead of the password."""


def _may_try(user: User) -> str:
    """The key under which this try at the code was counted. Raises ValidationError for one too many."""
    key = f"code:{tries.count_of(context.request, str(user.pk))}"
    if not ratelimit.consume(context.request, action="login_failed", key=key):
        raise ValidationError(str(ClosedSignup.error_messages["rate_limited"]))
    return key


def _split(key: str) -> dict[str, str]:
    """The two halves of a reset key: whose account it is for, and the token."""
    uid, _dash, token = key.partition("-")
    return {"uidb36": uid, "key": token}
