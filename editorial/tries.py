"""How often anybody may try to sign in to one account: five times in five minutes, from wherever they come.

A browser in which the account's owner has signed in before has a count of its own, and so has one that came by the link
of a reset mail. Whoever tries at another person's account uses up their own tries, not the owner's.
"""

import secrets
from typing import Any

from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from editorial.models import User
from editorial.network import network_of

COOKIE = "imprimatur_known"
SALT = "editorial.tries"
KNOWN_SECONDS = 180 * 24 * 3600
MOST_ACCOUNTS = 5
"""Whom one browser is known to; a desk shared by more forgets the first."""
RESET = "reset_account"


def account_of(typed: str) -> str:
    """One name for an account however its owner is called; for one that doesn't exist, what was typed."""
    typed = typed.strip()
    found = get_user_by_username(typed) or next(iter(filter_users_by_email(typed, for_login=True)), None)
    return str(found.pk) if found else f"unknown:{typed.lower()}"


def count_of(request: HttpRequest, account: str) -> str:
    """Whose tries these are: those of a browser that knows the account, or those of everybody else."""
    known = _known_to(request)
    if account in known["accounts"]:
        return f"{account}:browser:{known['browser']}"
    if account and request.session.get(RESET) == account:
        return f"{account}:session:{request.session.session_key}"
    return account


def origin_of(request: HttpRequest) -> str:
    """What limits by address count: the network, but a browser that is known by itself, whatever its neighbours do."""
    browser = _known_to(request)["browser"]
    return f"browser:{browser}" if browser else network_of(request)


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """This browser belongs to ``user``: they signed in here with all that was asked."""
    known, mine = _known_to(request), str(user.pk)
    accounts = [mine, *(account for account in known["accounts"] if account != mine)][:MOST_ACCOUNTS]
    value = {"browser": known["browser"] or secrets.token_urlsafe(16), "accounts": accounts}
    response.set_cookie(
        COOKIE,
        signing.dumps(value, salt=SALT),
        max_age=KNOWN_SECONDS,
        path="/accounts/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _known_to(request: HttpRequest) -> dict[str, Any]:
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KNOWN_SECONDS)
    except signing.BadSignature:
        return {"browser": "", "accounts": []}
