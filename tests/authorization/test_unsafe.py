"""Whoever isn't let in moves nothing, by whatever method, and nothing moves without the form's token."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve

from tests.authorization.asking import answer_of, asked, everything, moved_since, rule_of
from tests.authorization.house import PEOPLE, House
from tests.authorization.policy import HIDDEN, NOT_TAKEN, READERS, REFUSED, SIGN_IN

UNSAFE = ("post", "delete", "put", "patch")
KEPT_OUT = (SIGN_IN, REFUSED, HIDDEN)
WITHOUT_TOKEN = {"unsubscribe"}
"""The mail program's one click (RFC 8058). Readers' forms never reach the middleware that asks; they have a rule of
their own, attacked in articles/reader/test_forms_attacked.py."""


def tried(house: House, clients: dict[str, Client], *, whole: bool) -> list[str]:
    wrong = []
    for address in asked(house, whole=whole):
        rule = rule_of(address)
        for person in PEOPLE:
            let_in = person in rule.at.get(address.about, rule).to
            if let_in or rule.expected(person, address.about) not in KEPT_OUT:
                continue
            for method in UNSAFE if whole else UNSAFE[:2]:
                got = answer_of(getattr(clients[person], method)(address.path))
                if got not in (*KEPT_OUT, NOT_TAKEN):
                    wrong.append(f"{method} {address.path} as {person}: {got}")
    return wrong


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.long)], ids=["a share", "everything"])
def test_whoever_isnt_let_in_moves_nothing_by_any_method(whole, house, clients):
    before = everything()
    assert tried(house, clients, whole=whole) == []
    assert moved_since(before) == set()


def test_whoever_is_let_in_gets_words_for_an_empty_form(house, clients):
    """Each form comes without any of its fields; what it did all the same is taken back."""
    for address in asked(house, whole=False):
        rule = rule_of(address)
        for person in sorted(rule.at.get(address.about, rule).to):
            with transaction.atomic():
                answer = clients[person].post(address.path)
                transaction.set_rollback(True)
            assert answer.status_code < 500, (address, person)


def test_nothing_is_taken_without_the_forms_token(house, clients):
    for client in clients.values():
        client.handler.enforce_csrf_checks = True
    before = everything()
    for address in asked(house, whole=False):
        rule = rule_of(address)
        person = min(rule.at.get(address.about, rule).to, default="chief")
        answer = clients[person].post(address.path)
        exempt = getattr(resolve(address.path).func, "csrf_exempt", False)
        assert exempt == (address.route in WITHOUT_TOKEN), address
        if address.route in READERS:
            assert answer.status_code in (403, 404, 405, 415), (address, answer.status_code)
        elif address.route not in WITHOUT_TOKEN:
            assert answer.status_code == 403, (address, answer.status_code)
    assert moved_since(before) == set()
