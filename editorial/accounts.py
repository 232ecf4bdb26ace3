"""How django-allauth behaves here: accounts are made by a chief editor, and words are plain."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from editorial import outbox


class ClosedSignup(DefaultAccountAdapter):
    """Nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Built from the settings like every link in mail, so that a forged Host can't poison it."""
        return outbox.link(reverse("account_reset_password_from_key", kwargs=_split(key)))


class SignIn(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username or email")
        self.fields["login"].widget.attrs.pop("placeholder", None)
        self.fields["password"].widget.attrs.pop("placeholder", None)


def _split(key: str) -> dict[str, str]:
    """The two halves of a reset key: whose account it is for, and the token."""
    uid, _dash, token = key.partition("-")
    return {"uidb36": uid, "key": token}
