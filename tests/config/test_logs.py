"""What the log holds: a line of JSON for each record, under the request's name, and nothing personal."""

import io
import json
import logging
import re
import smtplib

import pytest
from celery import shared_task
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError
from django.test import Client

from articles.reader.views import home
from config import logs
from config.celery import app
from editorial import outbox
from editorial.models import User
from tests.conftest import NOW

CANARY = "kanarienvogel"
MAIL = f"{CANARY}@example.net"
IP = "203.0.113.77"
NAME = re.compile(r"[0-9a-f]{16}\Z")


class Log:
    """All that any logger says in these tests, as production would write it."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        self.handler = logging.StreamHandler(self.stream)
        self.handler.setFormatter(logs.json_lines())

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def log():
    root, made = logging.getLogger(), Log()
    level = root.level
    root.addHandler(made.handler)
    root.setLevel(logging.DEBUG)
    yield made
    root.setLevel(level)
    root.removeHandler(made.handler)


def says_nothing_of_people(log: Log) -> bool:
    return not [word for word in (CANARY, IP, "Claire", "claire") if word in log.text]


@pytest.fixture
def broken(monkeypatch):
    """A front page that breaks, and quotes what was typed as it does."""

    def breaks(request):
        try:
            raise IntegrityError(f"Key (email)=({MAIL}) already exists")
        except IntegrityError as problem:
            raise ValueError(f"{CANARY} can't be read") from problem

    monkeypatch.setattr(home, "home", breaks)
    from articles.reader import urls  # why: the route keeps the function that it was made with

    monkeypatch.setattr(urls.urlpatterns[0], "callback", breaks)
    return Client(raise_request_exception=False)


@pytest.mark.sqlite
def test_an_error_is_logged_under_the_name_that_its_page_and_its_answer_show(broken, log):
    answer = broken.get(f"/?q={CANARY}", headers={"user-agent": CANARY, "x-forwarded-for": IP})

    name = answer["X-Request-ID"]
    assert answer.status_code == 500
    assert NAME.match(name)
    assert f"<code>{name}</code>" in answer.text
    assert [line["request_id"] for line in log.lines if line["level"] == "error"] == [name]
    assert says_nothing_of_people(log)


@pytest.mark.sqlite
def test_of_an_error_kinds_and_places_are_kept_and_the_message_is_not(broken, log):
    broken.get("/")

    failure = next(line["failure"] for line in log.lines if "failure" in line)
    assert [cause["kind"] for cause in failure] == ["ValueError", "IntegrityError"]
    assert any("test_logs.py" in place and "breaks" in place for place in failure[0]["where"])


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/nowhere/", "/admin/", "/accounts/login/", "/search/?q=x"])
def test_each_answer_has_a_name_of_its_own_whatever_was_asked_for(client, path):
    names = {client.get(path, headers={"x-request-id": "a" * 16})["X-Request-ID"] for _ in range(3)}
    assert len(names) == 3
    assert all(NAME.match(name) for name in names)
    assert "a" * 16 not in names


def test_a_request_of_the_desk_is_one_line_by_route_and_uuid(people, sign_in, log):
    desk = sign_in("claire")
    log.stream.truncate(0), log.stream.seek(0)
    answer = desk.get(f"/admin/?q={CANARY}")

    line = next(line for line in log.lines if line["logger"] == "config.middleware")
    assert line["request_id"] == answer["X-Request-ID"]
    assert line["event"].startswith("GET admin/: 200 in ")
    assert line["event"].endswith(f"for {people['claire'].uuid}")
    assert says_nothing_of_people(log)


@pytest.mark.django_db
def test_a_public_page_is_no_line_of_its_own(client, log):
    client.get("/")
    assert [line for line in log.lines if line["logger"] == "config.middleware"] == []


@pytest.mark.django_db
def test_sign_in_leaves_nothing_of_who_tried_in_the_log(people, client, log):
    where = {"user-agent": CANARY, "x-forwarded-for": IP, "host": "testserver"}
    typed = {"login": MAIL, "password": CANARY}
    client.post(f"/accounts/login/?next=/{CANARY}/", typed, headers=where, REMOTE_ADDR=IP)
    client.post("/accounts/password/reset/", {"email": MAIL}, headers=where, REMOTE_ADDR=IP)
    client.get(f"/accounts/password/reset/key/1-{CANARY}/")
    client.get(f"/calendar/{CANARY}.ics")
    client.get("/", headers={"host": f"{CANARY}.example"})
    client.post("/admin/", {CANARY: CANARY})

    assert log.lines
    assert says_nothing_of_people(log)


class Refusing(EmailBackend):
    """A mail server whose refusals quote the mail, as many do."""

    def send_messages(self, messages):
        raise smtplib.SMTPDataError(450, f"{MAIL} in {IP}: try later".encode())


class Unknowing(EmailBackend):
    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({MAIL: (550, f"no such person: {MAIL}".encode())})


@pytest.mark.django_db
@pytest.mark.parametrize("server", [Refusing, Unknowing])
def test_mail_that_fails_leaves_its_ids_and_the_servers_code_in_the_log(settings, log, server):
    settings.EMAIL_BACKEND = f"{__name__}.{server.__name__}"
    person = User.objects.create(username=CANARY, first_name=CANARY, email=MAIL)
    message = outbox.write("news", person, now=NOW, text=f"About {CANARY}.", path=f"/{CANARY}/", urgency="urgent")

    outbox.send_due(now=NOW)

    line = next(line for line in log.lines if line["logger"] == "editorial.sending")
    assert str(message.uuid) in line["event"]
    if server is Refusing:
        assert (line["failure"][0]["kind"], line["failure"][0]["code"]) == ("SMTPDataError", 450)
    assert says_nothing_of_people(log)


@shared_task
def breaks_for(word: str) -> None:
    raise ValueError(word)


def test_a_task_has_the_name_of_the_request_that_rang_for_it():
    """As it stands in the message's headers; django-structlog binds it in the worker."""
    from django_structlog.celery.receivers import CeleryReceiver  # why: only this test looks inside
    from structlog.contextvars import bound_contextvars, clear_contextvars, get_contextvars

    receiver, headers = CeleryReceiver(), {}
    with bound_contextvars(request_id="0123456789abcdef"):
        receiver.receiver_before_task_publish(headers=headers)
    request = type("Request", (), headers)()
    receiver.receiver_task_prerun("task-1", type("Task", (), {"request": request, "name": "n"})())
    bound = get_contextvars()
    clear_contextvars()
    assert bound == {"request_id": "0123456789abcdef", "task_id": "task-1"}


def test_a_task_that_fails_is_logged_without_what_it_was_given(log):
    from django_structlog.celery.receivers import CeleryReceiver  # why: workers alone connect it

    try:
        breaks_for.run(CANARY)
    except ValueError as problem:
        CeleryReceiver().receiver_task_failure("task-1", problem, sender=breaks_for)
    line = next(line for line in log.lines if line["event"] == "task_failed")
    assert line["failure"][0]["kind"] == "ValueError"
    assert says_nothing_of_people(log)


def test_workers_log_as_the_site_does():
    assert logs.as_the_site_does in [receiver() for _, receiver in app_setup_receivers()]
    assert any(step.__name__ == "DjangoStructLogInitStep" for step in app.steps["worker"])


def app_setup_receivers():
    from celery.signals import setup_logging  # why: named like what it finds

    return setup_logging.receivers


@pytest.mark.parametrize(
    ("name", "words", "arguments", "kept"),
    [
        ("editorial.sending", "mail %s failed at attempt %s", ("abc", 2), "mail abc failed at attempt 2"),
        ("gunicorn.error", "Booting worker with pid: %s", (42,), "Booting worker with pid: 42"),
        ("gunicorn.error", "Error handling request %s", (f"/{CANARY}",), "Error handling request …"),
        ("kombu", "Task %(name)s took %(s)d", ({"name": CANARY, "s": 3},), "Task … took 3"),
        (
            "django.security.DisallowedHost",
            f"Invalid HTTP_HOST header: '{CANARY}'.",
            (),
            "a suspicious request was refused",
        ),
        (
            "celery.beat",
            "Sending due task %s (%s)",
            ("tick", "editorial.tasks.tick"),
            "Sending due task … (editorial.tasks.tick)",
        ),
        ("library", f"mail to {MAIL} from {IP} via 2001:db8::1:2:3", (), "mail to … from … via …"),
        ("library", f"GET /search/?q={CANARY} done", (), "GET /search/… done"),
    ],
)
def test_of_a_library_words_and_numbers_are_kept(log, name, words, arguments, kept):
    logging.getLogger(name).error(words, *arguments)
    assert [line["event"] for line in log.lines] == [kept]


def test_a_time_is_no_address(log):
    logging.getLogger("editorial").error("at 12:30:45 on 2026-03-02T09:00:00+00:00")
    assert log.lines[0]["event"] == "at 12:30:45 on 2026-03-02T09:00:00+00:00"


def test_a_library_that_counts_its_arguments_wrongly_is_logged_all_the_same():
    record = logging.LogRecord("library", logging.INFO, __file__, 1, "wrong %d", (CANARY,), None)
    assert json.loads(logs.json_lines().format(record))["event"] == "wrong %d"
