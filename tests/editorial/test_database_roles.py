"""Three roles in PostgreSQL, each with what it needs and no more: made by one command, and kept by every migrate."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def test_roles(database_roles):
    with connection.cursor() as c:
        c.execute("SELECT relname, relacl::text FROM pg_class WHERE relnamespace='public'::regnamespace and relkind='r' order by 1")
        for r in c.fetchall(): print(r)
        c.execute("SELECT attrelid::regclass, attname, attacl::text FROM pg_attribute WHERE attacl is not null and attrelid::regclass::text like '%\\_%' ")
        for r in c.fetchall(): print(r)
