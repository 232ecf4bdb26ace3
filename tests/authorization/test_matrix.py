"""Every route of the site, by every person, about every thing: who gets what is what the policy says."""

import pytest
from django.test import Client

from tests.authorization.asking import LEFT_OUT, VERB, answer_of, asked, everything, moved_since, rule_of
from tests.authorization.house import House
from tests.authorization.policy import HIDDEN, POLICY
from tests.authorization.routes import NOWHERE, routes


def test_every_route_has_a_line_in_the_policy_and_every_line_a_route():
    known = {route.name for route in routes()} - set(NOWHERE) - LEFT_OUT - {VERB}
    assert known == set(POLICY)


def opened(house: House, clients: dict[str, Client], *, whole: bool) -> list[str]:
    """Where somebody got something else than the policy says."""
    wrong = []
    for address in asked(house, whole=whole):
        for person, client in clients.items():
            got = answer_of(client.get(address.path))
            expected = rule_of(address).expected(person, address.about)
            at_best = address.route == VERB and got == HIDDEN  # a verb is offered where it makes sense, to them alone
            if got != expected and not at_best:
                wrong.append(f"{address.route} ({address.about}) {address.path} as {person}: {got}, not {expected}")
    return wrong


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.long)], ids=["a share", "everything"])
def test_everybody_gets_what_the_policy_says_and_looking_moves_nothing(whole, house, clients):
    before = everything()
    assert opened(house, clients, whole=whole) == []
    assert moved_since(before) == set()
