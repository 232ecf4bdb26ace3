"""Asks for the addresses of the house, and names what came back."""

from collections.abc import Iterator
from typing import Any

from django.contrib.sessions.models import Session

from tests.authorization.house import House
from tests.authorization.policy import GONE, HIDDEN, NOT_TAKEN, ON, POLICY, REFUSED, SHOWN, SIGN_IN, Rule
from tests.authorization.routes import Address, addresses
from tests.authorization.verbs import OFFERED
from tests.kept import every_row

VERB = "admin:articles_article_verb"
LEFT_OUT = {"account_logout", "admin:logout"}
"""They end the session that asks."""

_ANSWERS = {200: SHOWN, 403: REFUSED, 404: HIDDEN, 405: NOT_TAKEN, 410: GONE}


def answer_of(response: Any) -> str:
    if response.status_code in (301, 302):
        return SIGN_IN if "/login/" in response["Location"] else ON
    return _ANSWERS.get(response.status_code, str(response.status_code))


def rule_of(address: Address) -> Rule:
    if address.route == VERB:
        return Rule(OFFERED[address.about.split()[0]])
    return POLICY[address.route]


def asked(house: House, *, whole: bool) -> Iterator[Address]:
    """All addresses; or of each route the one about one thing, another one from route to route."""
    by_route: dict[str, list[Address]] = {}
    for address in addresses(house):
        if address.route not in LEFT_OUT:
            by_route.setdefault(_kind(address), []).append(address)
    for number, (_route, found) in enumerate(sorted(by_route.items())):
        yield from found if whole else [found[number % len(found)]]


def everything() -> dict[str, list[str]]:
    """All rows, but for the sessions that signing in leaves behind."""
    return {model._meta.label: sorted(map(repr, rows)) for model, rows in every_row() if model is not Session}


def moved_since(before: dict[str, list[str]]) -> set[str]:
    """Models whose rows aren't what they were."""
    after = everything()
    return {label for label in after if after[label] != before[label]}


def _kind(address: Address) -> str:
    return f"{address.route} {address.about.split()[0]}" if address.route == VERB else address.route
