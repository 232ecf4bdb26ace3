"""Tests of tests/kept.py: what is put back is what was made."""

from django.db import transaction

from tests import kept
from tests.conftest import cast_and_policy


def test_the_cast_that_is_put_back_is_the_cast_that_was_made(db):
    kept.forget()
    found = []
    for _ in range(2):
        with transaction.atomic():
            kept.once("people", cast_and_policy)
            found.append({model: sorted(rows, key=repr) for model, rows in kept.every_row()})
            transaction.set_rollback(True)
    made, put_back = found
    assert put_back == made
    assert sum(map(len, made.values())) > 100
