"""Whatever is wrong with the environment is said at start, with the variable's name and what it takes."""

import os
import string
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "IMPRIMATUR_ENV": "production",
    "SECRET_KEY": string.ascii_letters,
    "ALLOWED_HOSTS": "health.example",
    "PUBLIC_URL": "https://health.example",
    "DATABASE_URL": "postgres://imprimatur:secret@db.example:5432/imprimatur",
    "EMAIL_URL": "smtp+tls://user:p%40ss@mail.example:587",
    "REDIS_URL": "redis://redis.example:6379/0",
}
KEPT = ("PATH", "HOME", "LANG", "LC_ALL")


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A fresh Python that knows of the environment only what is given."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    command = [sys.executable, "-B", *arguments]
    return subprocess.run(command, cwd=ROOT, env=kept | variables, capture_output=True, text=True, timeout=60)


def production(*arguments: str, without: str = "", **changed: str) -> subprocess.CompletedProcess[str]:
    values = {name: value for name, value in (PRODUCTION | changed).items() if name != without}
    return run(*(arguments or ("-c", "import config.settings")), **values)


def test_complete_settings_of_production_load_without_a_word():
    found = production()
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("SECRET_KEY", "SECRET_KEY isn't set; it takes at least 50 random characters."),
        ("ALLOWED_HOSTS", "ALLOWED_HOSTS isn't set; it takes the site's host names, separated by commas."),
        ("PUBLIC_URL", "PUBLIC_URL isn't set; it takes the site's address, such as https://example.org."),
        ("DATABASE_URL", "DATABASE_URL isn't set; production takes postgres://user:password@host:5432/name."),
        ("EMAIL_URL", "EMAIL_URL isn't set; it takes smtp+tls://user:password@host:587."),
        ("REDIS_URL", "REDIS_URL isn't set; it takes redis://host:6379/0."),
    ],
)
def test_production_does_not_start_without(missing, sentence):
    found = production(without=missing)
    assert found.returncode == 1
    assert found.stderr.strip().splitlines()[-1] == f"django.core.exceptions.ImproperlyConfigured: {sentence}"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"SECRET_KEY": "k" * 49}, "SECRET_KEY is too short; it takes at least 50 random characters."),
        ({"DATABASE_URL": "sqlite:////tmp/db"}, "DATABASE_URL names SQLite; production takes PostgreSQL: postgres://…"),
        ({"IMPRIMATUR_ENV": "staging"}, "IMPRIMATUR_ENV is “staging”; it takes demo, test, production."),
    ],
)
def test_production_does_not_start_with(changed, sentence):
    found = production(**changed)
    assert found.returncode == 1
    assert found.stderr.strip().splitlines()[-1].endswith(sentence)


@pytest.mark.parametrize("url", ["off", "redis.example:6379", "amqp://redis.example"])
def test_redis_cannot_be_switched_off_or_replaced_in_production(mode, monkeypatch, url):
    mode("production")
    monkeypatch.setenv("REDIS_URL", url)
    with pytest.raises(ImproperlyConfigured, match=r"^REDIS_URL takes redis://host:6379/0"):
        env.redis()


def test_the_demo_runs_without_redis(mode, monkeypatch):
    mode("demo")
    monkeypatch.delenv("REDIS_URL", raising=False)
    assert env.redis() == "off"


def test_no_secret_is_repeated_in_an_error():
    found = production(EMAIL_URL="imap://user:hunter2@mail.example", SECRET_KEY="hunter2-" * 8)
    assert found.returncode == 1
    assert "EMAIL_URL takes smtp://" in found.stderr
    assert "hunter2" not in found.stderr


def test_deployment_checks_of_production_find_nothing():
    found = production("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout == "System check identified no issues (0 silenced).\n"


# Each reader of a variable


@pytest.mark.parametrize("value", ["", "  "])
def test_an_empty_variable_counts_as_not_set(monkeypatch, value):
    monkeypatch.setenv("PUBLIC_URL", value)
    assert env.text("PUBLIC_URL", default="http://here", takes="an address") == "http://here"
    with pytest.raises(ImproperlyConfigured, match=r"^PUBLIC_URL isn't set; it takes an address\.$"):
        env.text("PUBLIC_URL", takes="an address")


def test_a_list_is_split_at_commas_and_stripped(monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", " a.example, ,b.example ,")
    assert env.names("ALLOWED_HOSTS", takes="names") == ["a.example", "b.example"]


@pytest.mark.parametrize("value", ["-1", "0", "many", "1.5", "٣x", "1e3"])
def test_a_number_that_is_none_is_refused_with_its_name(monkeypatch, value):
    monkeypatch.setenv("SWEEP_SECONDS", value)
    with pytest.raises(ImproperlyConfigured) as refused:
        env.number("SWEEP_SECONDS", default=30, least=1)
    assert str(refused.value) == f"SWEEP_SECONDS is “{value}”; it takes a whole number from 1."


@pytest.mark.parametrize("value", ["²", "½", "Ⅳ"])
def test_a_digit_that_counts_nothing_is_refused_too(monkeypatch, value):
    monkeypatch.setenv("SWEEP_SECONDS", value)
    with pytest.raises(ImproperlyConfigured, match="whole number"):
        env.number("SWEEP_SECONDS", default=30, least=1)


@pytest.mark.parametrize("value", ["Mars/Olympus", "../../etc/passwd", "Europe", "/UTC"])
def test_an_unknown_time_zone_is_refused_with_its_name(monkeypatch, value):
    monkeypatch.setenv("PUBLISHER_TIME_ZONE", value)
    with pytest.raises(ImproperlyConfigured) as refused:
        env.time_zone("PUBLISHER_TIME_ZONE", default="UTC")
    assert str(refused.value) == f"PUBLISHER_TIME_ZONE is “{value}”; it takes an IANA time zone such as Europe/Paris."


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://mail.example:25", 25, False, False),
        ("smtp+tls://mail.example", 587, True, False),
        ("smtps://mail.example", 465, False, True),
    ],
)
def test_each_way_to_send_mail_has_its_port_and_encryption(monkeypatch, url, port, tls, ssl):
    monkeypatch.setenv("EMAIL_URL", url)
    found = env.mail()
    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (port, tls, ssl)


def test_user_and_password_of_the_mail_server_are_unquoted(monkeypatch):
    monkeypatch.setenv("EMAIL_URL", PRODUCTION["EMAIL_URL"])
    found = env.mail()
    assert (found["EMAIL_HOST"], found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == (
        "mail.example",
        "user",
        "p@ss",
    )


@pytest.mark.parametrize("url", ["imap://mail.example", "mail.example", "smtp://", "smtp://mail.example:many"])
def test_a_mail_address_that_is_none_is_refused_in_words(monkeypatch, url):
    monkeypatch.setenv("EMAIL_URL", url)
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL takes smtp://"):
        env.mail()


def test_the_demo_makes_its_own_key_once_and_keeps_it_to_itself(mode, tmp_path):
    mode("demo")
    first, again = env.secret_key(tmp_path / "demo"), env.secret_key(tmp_path / "demo")
    assert first == again
    assert len(first) >= 50
    assert (tmp_path / "demo" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in (tmp_path / "demo").iterdir()) == ["secret_key"]


def test_production_never_makes_its_own_key(monkeypatch, mode, tmp_path):
    mode("production")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY isn't set"):
        env.secret_key(tmp_path)
    assert list(tmp_path.iterdir()) == []


OTHER_DATABASE = (
    "MIGRATION_DATABASE_URL names the database “another” and DATABASE_URL “imprimatur”; it takes the same database with"
    " the account of its owner."
)
READER = {"SURFACE": "reader", "READER_DATABASE_URL": "postgres://imprimatur_reader:hidden@db.example/imprimatur"}
ANSWERS = (
    "from config import settings as s; print(s.DATABASES['default']['USER'], s.CELERY_BROKER_URL, s.ROOT_URLCONF,"
    " s.MIDDLEWARE[-1], s.MIGRATION_DATABASE, s.METRICS_TOKEN or 'none', 'reviews' in s.INSTALLED_APPS)"
)


def last_line(found: subprocess.CompletedProcess[str]) -> str:
    return found.stderr.strip().splitlines()[-1].removeprefix("django.core.exceptions.ImproperlyConfigured: ")


def test_the_public_site_alone_starts_without_mail_and_without_the_desks_account():
    values = {name: value for name, value in PRODUCTION.items() if name not in ("EMAIL_URL", "DATABASE_URL")}
    found = run("-c", ANSWERS, **values, **READER, METRICS_TOKEN="secret")
    assert found.returncode == 0, found.stderr
    expected = "imprimatur_reader memory:// config.reader_urls articles.reader.gate.ReaderGate None none False"
    assert found.stdout.strip() == expected


def test_the_public_site_takes_database_url_where_no_other_is_set():
    found = production("-c", ANSWERS, SURFACE="reader", without="EMAIL_URL")
    assert found.stdout.split()[0] == "imprimatur"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"SURFACE": "readers"}, "SURFACE is “readers”; it takes both, reader or desk."),
        (
            {**READER, "READER_DATABASE_URL": "sqlite:////tmp/db"},
            "READER_DATABASE_URL names SQLite; production takes PostgreSQL: postgres://…",
        ),
        (
            {"MIGRATION_DATABASE_URL": "postgres://owner:secret@db.example/another"},
            OTHER_DATABASE,
        ),
        (
            {"DATABASE_READER_ROLE": "Reader; DROP ROLE"},
            "DATABASE_READER_ROLE is “Reader; DROP ROLE”; it takes small letters, digits and underscores.",
        ),
        (
            {"DATABASE_READER_ROLE": "imprimatur_owner"},
            "DATABASE_READER_ROLE is “imprimatur_owner”, as another role is; it takes a name of its own.",
        ),
    ],
)
def test_what_is_wrong_with_surfaces_and_roles_is_said_at_start(changed, sentence):
    found = production(**changed)
    assert (found.returncode, last_line(found)) == (1, sentence)
    assert "secret" not in found.stdout


def test_the_public_site_says_which_address_it_lacks():
    found = production(without="DATABASE_URL", SURFACE="reader")
    assert last_line(found).startswith("READER_DATABASE_URL isn't set; production takes postgres://")


def test_migrations_take_the_owners_account_and_nothing_else_does():
    url = "postgres://imprimatur_owner:a%40b@db.example:5433/imprimatur"
    told = "from config import settings as s; print(s.DATABASES['default']['USER'], s.MIGRATION_DATABASE)"
    found = production("-c", told, MIGRATION_DATABASE_URL=url)
    user, _, owner = found.stdout.strip().partition(" ")
    assert user == "imprimatur"
    for part in ("'USER': 'imprimatur_owner'", "'PASSWORD': 'a@b'", "'PORT': '5433'"):
        assert part in owner
    assert "NAME" not in owner


def test_a_secret_may_lie_in_a_file(tmp_path):
    file = tmp_path / "database_url"
    file.write_text("postgres://u:fromfile@db.example:5432/name\n")
    code = "from config import settings; print(settings.DATABASES['default']['PASSWORD'])"
    found = production("-c", code, without="DATABASE_URL", DATABASE_URL_FILE=str(file))
    assert (found.returncode, found.stdout.strip()) == (0, "fromfile")


def test_a_secret_that_is_given_twice_or_cant_be_read_is_told_of(tmp_path):
    file = tmp_path / "secret"
    file.write_text("another")
    twice = production(SECRET_KEY_FILE=str(file))
    assert "Both SECRET_KEY and SECRET_KEY_FILE are set; it takes one of them." in twice.stderr
    gone = production(without="SECRET_KEY", SECRET_KEY_FILE=str(tmp_path / "nothing"))
    assert f"SECRET_KEY_FILE names {tmp_path / 'nothing'}, which can't be read: No such file" in gone.stderr
