"""How long an account of PostgreSQL's may take, whoever connects with it and through whatever pooler."""

import pytest
from django.db import connection

from tests import roles

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has roles")
@pytest.mark.parametrize(
    ("duty", "query", "idle"), [("reader", "5s", "1min"), ("application", "0", "1min"), ("owner", "0", "0")]
)
def test_each_account_has_its_limits_without_asking_for_them(database_roles, duty, query, idle):
    with roles.connected(getattr(database_roles, duty)) as line:
        found = [line.execute(f"SHOW {name}").fetchone()[0] for name in LIMITS]
    assert found == [query, idle]


LIMITS = ("statement_timeout", "idle_in_transaction_session_timeout")
