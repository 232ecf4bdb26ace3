"""What the doctor says of the record: who may rewrite it, what went past the desk, whether its end is signed."""

import pytest
from django.db import connection

from editorial import captures, clock, health
from editorial.doctor import record
from editorial.models import UnexplainedChange
from tests.editorial.test_doctor import levels, todo
from tests.roles import acting

pytestmark = pytest.mark.django_db
needs_postgresql = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no roles and notes nothing")


@needs_postgresql
def test_an_account_that_may_rewrite_the_record_is_told_of():
    assert levels(record.rights) == ["warning"]
    assert "setup_database_roles" in todo(record.rights)


@needs_postgresql
def test_the_applications_own_account_is_fine(database_roles):
    with acting(database_roles.application):
        assert levels(record.rights) == ["ok"]


@needs_postgresql
def test_a_table_that_isnt_watched_any_more_is_a_fault():
    assert levels(record.changes) == ["ok"]
    captures.remove()
    assert levels(record.changes) == ["fault"]
    assert "manage.py migrate" in todo(record.changes)


@needs_postgresql
def test_changes_past_the_desk_are_told_of_until_somebody_looked():
    now = clock.now()
    UnexplainedChange.objects.create(transaction=1, began_at=now, role="root", changes=1, found_at=now)
    assert levels(record.changes) == ["warning"]
    UnexplainedChange.objects.update(acknowledged_at=now)
    assert levels(record.changes) == ["ok"]


def test_an_end_that_nobody_signs_is_told_of(settings):
    assert levels(record.signing) == ["warning"]
    settings.AUDIT_KEY_FILE, settings.ANCHOR_FILE = "key.pem", "anchors.jsonl"
    assert levels(record.signing) == ["fault"]
    health.beat(health.ANCHOR, clock.now())
    assert levels(record.signing) == ["ok"]


@pytest.mark.parametrize(("demanded", "level"), [(True, "ok"), (False, "warning")])
def test_a_site_without_second_factors_is_told_of(demanded, level, settings):
    settings.SECOND_FACTOR = demanded
    assert levels(record.second_factors) == [level]
