"""Which database the settings name, as whom, and how it is spoken to."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from config import env


def test_without_a_database_the_demo_says_on_stderr_which_file_it_takes(monkeypatch, mode, tmp_path, capsys):
    mode("demo")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    found = env.database(tmp_path / "demo")
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"DATABASE_URL isn't set: using the demo's SQLite file {tmp_path}/demo/db.sqlite3\n")
    assert (found["ENGINE"], found["NAME"]) == ("django.db.backends.sqlite3", str(tmp_path / "demo" / "db.sqlite3"))
    assert (found["OPTIONS"]["transaction_mode"], found["OPTIONS"]["timeout"]) == ("IMMEDIATE", 20)


@pytest.mark.parametrize("url", ["mysql://user@db/x", "db.sqlite3", "http://db/x"])
def test_another_database_is_refused_in_words(monkeypatch, mode, tmp_path, url):
    mode("demo")
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match=r"it takes postgres://… or sqlite:///path\.$"):
        env.database(tmp_path)


@pytest.mark.django_db
def test_a_transaction_that_its_host_forgot_ends_within_a_minute():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is one host's")
    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("1min",)


def test_a_postgresql_address_is_taken_apart(monkeypatch, mode, tmp_path):
    mode("production")
    monkeypatch.setenv("DATABASE_URL", "postgresql://us%40er:p%2Fw@db.example:6543/na%20me?sslmode=require")
    assert env.database(tmp_path) == {
        "ENGINE": "config.database",
        "NAME": "na me",
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "6543",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
        "OPTIONS": {"sslmode": "require", "options": "-c idle_in_transaction_session_timeout=60s"},
    }


def test_behind_a_pooler_nothing_is_asked_of_a_connection_for_longer_than_a_transaction(monkeypatch, mode, tmp_path):
    mode("production")
    monkeypatch.setenv("DATABASE_URL", "postgres://u:p@pooler:6432/name")
    monkeypatch.setenv("DATABASE_POOLER", "transaction")
    found = env.database(tmp_path)
    assert found["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert found["OPTIONS"] == {}
    monkeypatch.setenv("DATABASE_POOLER", "session")
    with pytest.raises(ImproperlyConfigured, match="DATABASE_POOLER is “session”; it takes off or transaction"):
        env.database(tmp_path)


def test_a_port_that_is_no_number_is_refused_in_words(monkeypatch, mode, tmp_path):
    mode("demo")
    monkeypatch.setenv("DATABASE_URL", "postgres://u:p@db.example:fivethousand/name")
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        env.database(tmp_path)
