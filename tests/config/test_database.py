"""The database's instants, read by the driver's own code and the same as Django's."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import connection
from django.utils import timezone as zones

from articles.models import Article
from editorial.models import User

pytestmark = pytest.mark.django_db

INSTANTS = [
    datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2026, 11, 30, 9, 1, 34, 123_400, tzinfo=timezone(timedelta(hours=5, minutes=45))),
]


@pytest.mark.parametrize("at", INSTANTS, ids=str)
def test_an_instant_comes_back_in_utc_to_the_microsecond(people, at):
    Article.objects.create(title="Q?", slug="q", created_by=people["nora"], created_at=at, state_since=at)
    with zones.override(ZoneInfo("Asia/Tokyo")):
        (found,) = Article.objects.values_list("state_since", flat=True)
    assert found == at
    assert found.tzinfo is UTC
    with connection.cursor() as cursor:
        cursor.execute("SELECT state_since FROM articles_article")
        assert connection.vendor != "postgresql" or cursor.fetchone()[0].isoformat() == found.isoformat()


def test_a_long_list_read_in_parts_reads_instants_alike(people):
    joined = dict(User.objects.values_list("username", "date_joined"))
    assert {user.username: user.date_joined for user in User.objects.iterator(chunk_size=2)} == joined
    assert {at.tzinfo for at in joined.values()} == {UTC}


def test_they_are_read_in_c(db):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no instants")
    with connection.cursor() as cursor:
        loader = cursor.cursor.adapters.get_loader(psycopg.adapters.types["timestamptz"].oid, psycopg.pq.Format.TEXT)
    assert psycopg.pq.__impl__ == "binary"
    assert loader.__module__ == "psycopg_binary._psycopg"
