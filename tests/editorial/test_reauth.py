"""Fresh proof of identity: the password, now, from this person."""

from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache

from editorial import reauth
from editorial.conditions import Refused
from editorial.models import AuditEvent
from reviews.demo.cast import PASSWORD
from tests.conftest import NOW


@pytest.fixture
def tom(people):
    cache.clear()
    yield people["tom"]
    cache.clear()


def fail(user, times: int, *, now=NOW) -> None:
    for _time in range(times):
        with pytest.raises(Refused, match="That password isn"):
            reauth.prove(user, "wrong", now=now)


def test_the_right_password_is_a_proof_and_leaves_no_event(tom):
    assert reauth.prove(tom, PASSWORD, now=NOW) == reauth.Proof(user_id=tom.pk, at=NOW, method="password")
    assert not AuditEvent.objects.exists()


def test_each_wrong_password_is_recorded_without_it(tom):
    fail(tom, 2)
    events = list(AuditEvent.objects.all())
    assert [event.kind for event in events] == ["proof.refused"] * 2
    assert [event.subject for event in events] == [f"user:{tom.uuid}"] * 2
    assert "wrong" not in events[0].body


def test_the_sixth_try_within_five_minutes_is_refused_unseen(tom):
    fail(tom, 5)
    for password in ("wrong", PASSWORD):
        with pytest.raises(Refused, match="Too many wrong passwords"):
            reauth.prove(tom, password, now=NOW)
    assert AuditEvent.objects.count() == 5


def test_no_more_than_five_are_looked_at_however_many_come_at_once(tom, monkeypatch):
    """The next request comes while the password of the last one is still being hashed."""
    looked_at = []

    def slowly(user, password: str) -> bool:
        looked_at.append(password)
        if len(looked_at) < 20:
            with suppress(Refused):
                reauth.prove(tom, "wrong", now=NOW)
        return False

    monkeypatch.setattr(type(tom), "check_password", slowly)
    with pytest.raises(Refused):
        reauth.prove(tom, "wrong", now=NOW)
    assert len(looked_at) == 5


def test_five_minutes_later_the_right_one_is_taken_again(tom):
    with time_machine.travel(NOW, tick=False) as clock:
        fail(tom, 5)
        clock.shift(timedelta(seconds=reauth.WINDOW_SECONDS - 1))
        with pytest.raises(Refused, match="Too many"):
            reauth.prove(tom, PASSWORD, now=NOW)
        clock.shift(timedelta(seconds=2))
        assert reauth.prove(tom, PASSWORD, now=NOW)


def test_the_right_password_forgives_the_wrong_ones_before_it(tom):
    fail(tom, 4)
    assert reauth.prove(tom, PASSWORD, now=NOW)
    fail(tom, 5)


def test_one_persons_mistakes_lock_nobody_else_out(tom, people):
    fail(tom, 5)
    assert reauth.prove(people["lena"], PASSWORD, now=NOW)


def test_an_account_without_a_password_proves_nothing(tom):
    tom.set_unusable_password()
    tom.save()
    for password in ("", PASSWORD, "!"):
        with pytest.raises(Refused):
            reauth.prove(tom, password, now=NOW)


@pytest.mark.parametrize(("age", "fresh"), [(0, True), (60, True), (61, False), (-1, False)])
def test_a_proof_lives_for_a_minute(age, fresh, tom):
    proof = reauth.Proof(user_id=tom.pk, at=NOW - timedelta(seconds=age))
    assert bool(reauth.is_fresh(proof, tom, now=NOW)) == fresh


def test_a_proof_is_of_one_person(tom, people):
    proof = reauth.prove(tom, PASSWORD, now=NOW)
    assert not reauth.is_fresh(proof, people["lena"], now=NOW)
    assert reauth.is_fresh(None, tom, now=NOW).reason.startswith("Type your password to sign")
