"""An installation as it grows: a replica, a pooler that lends by transaction, several processes of each surface, nginx.

All on this machine's loopback and on sockets in a folder of its own, with the settings of production.
"""

import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests import nginx, throwaway
from tests.faults import tied
from tests.faults.house import PRODUCTION, SAFE, House

HOST = "desk.example.org"
GUNICORN = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "config.wsgi"]
POOLER = """
[databases]
imprimatur = host={primary} dbname=imprimatur
readers = host={replica} dbname=imprimatur
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/accounts
pool_mode = transaction
default_pool_size = {pool}
max_client_conn = 1000
"""
NGINX = """
  proxy_cache_path {folder}/cache keys_zone=imprimatur:10m max_size=1g inactive=1h use_temp_path=off;
  upstream readers {{ {readers} keepalive 16; }}
  upstream desk {{ {desks} keepalive 16; }}
  upstream letters {{ {letters} keepalive 16; }}
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host $host;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Proto https;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://readers;
      proxy_cache imprimatur;
      proxy_cache_revalidate on;
      proxy_cache_lock on;
      add_header X-Cache $upstream_cache_status always;
    }}
    location ~ ^/(admin|accounts|act)/ {{ proxy_pass http://desk; }}
    location ~ ^/(ask/send|articles/[^/]+/report)/$ {{ proxy_pass http://letters; }}
  }}
"""
"""As deploy/nginx.conf, with the public pages and the desk apart: nothing here adds to what the site lets be kept."""


class Missing(Exception):
    """A program isn't on this machine; the message says which package brings it."""


class Site(House):
    """Start one after the other: ``replicate``, ``pool``, ``serve``, ``front``."""

    def __init__(self) -> None:
        if nginx.program() is None:
            raise Missing(f"Not run: {nginx.NONE}.")
        if not pgbouncer():
            raise Missing("Not run: no pgbouncer on this machine. Install it (on Debian: apt-get install pgbouncer).")
        super().__init__(sweep_seconds=30, celery=PRODUCTION)
        self.superuser = self.environment["DATABASE_URL"]
        self.passwords = {"application": secrets.token_hex(16), "reader": secrets.token_hex(16)}
        self.ports: dict[str, int] = {}
        self.environment |= {"SECOND_FACTOR": "off", "TRUSTED_PROXIES": "1", "WEB_WORKERS": "2"}

    def manage(self, *words: str, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=tied.ROOT,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {' '.join(words)}: {(done.stdout + done.stderr)[-2000:]}")
        return done.stdout

    def make_roles(self) -> None:
        given = {f"DATABASE_{duty.upper()}_PASSWORD": password for duty, password in self.passwords.items()}
        self.manage("setup_database_roles", MIGRATION_DATABASE_URL=self.superuser, **given)

    def replicate(self) -> None:
        """A second server that follows the first one's log; only reading is possible there."""
        self.replica = self.folder / "replica"
        self.replica.mkdir(mode=0o700)
        if self.account:
            shutil.chown(self.replica, self.account["user"], self.account["group"])
        copy: list[Any] = [self.programs / "pg_basebackup", "-D", self.replica / "data", "-h", self.home]
        copy += ["-U", throwaway.ROLE, "--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync"]
        subprocess.run(copy, check=True, capture_output=True, **{**self.account, "cwd": self.replica})
        command = throwaway.postgres_command(self.programs, self.replica, SAFE)
        self.parts["replica"] = self._run("replica", command, **{**self.account, "cwd": self.replica})

    @property
    def replicas_superuser(self) -> str:
        return f"postgres://{throwaway.ROLE}@/{throwaway.ROLE}?host={quote(str(self.replica))}"

    def pool(self, size: int) -> None:
        """What the processes connect to from now on; at most ``size`` connections for each account and server."""
        port = self.ports["pgbouncer"] = throwaway.free_port()
        accounts = "".join(f'"imprimatur_{duty}" "{password}"\n' for duty, password in self.passwords.items())
        self._configured("accounts", accounts)
        words = {"primary": self.home, "replica": self.replica, "folder": self.folder, "port": port, "pool": size}
        file = self._configured("pgbouncer.ini", POOLER.format(**words))
        account = {**self.account, "cwd": self.home} if self.account else {}
        self.parts["pgbouncer"] = self._run("pgbouncer", [pgbouncer(), "--quiet", file], **account)
        self.environment["DATABASE_POOLER"] = "transaction"
        self.environment["DATABASE_URL"] = self._account("application", "imprimatur")

    def _account(self, duty: str, where: str) -> str:
        password, port = self.passwords[duty], self.ports["pgbouncer"]
        return f"postgres://imprimatur_{duty}:{password}@127.0.0.1:{port}/{where}"

    def _configured(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.write_text(text)
        file.chmod(0o600)
        if self.account:
            shutil.chown(file, self.account["user"], self.account["group"])
        return file

    def serve(self, surface: str, count: int) -> None:
        """So many gunicorns, two workers each, by the names ``reader-1``, ``reader-2`` …

        ``letters`` are readers' pages too, but on the primary: a replica can't take a reader's message in.
        """
        for number in range(1, count + 1):
            self.begin(f"{surface}-{number}")

    def begin(self, name: str) -> None:
        """One of them, on the port that it had before, if any."""
        port = self.ports.setdefault(name, throwaway.free_port())
        mine = {**self.environment, "WEB_BIND": f"127.0.0.1:{port}", "SURFACE": "desk"}
        if not name.startswith("desk"):
            where = "imprimatur" if name.startswith("letters") else "readers"
            mine |= {"SURFACE": "reader", "READER_DATABASE_URL": self._account("reader", where)}
            del mine["DATABASE_URL"]  # it isn't told the desk's account
        self.parts[name] = self._run(name, GUNICORN, cwd=tied.ROOT, env=mine)

    def front(self) -> None:
        port = self.ports["nginx"] = throwaway.free_port()
        served = NGINX.format(
            folder=self.folder,
            port=port,
            readers=self._upstream("reader"),
            desks=self._upstream("desk"),
            letters=self._upstream("letters"),
        )
        self.parts["nginx"] = self._run("nginx", nginx.command(self.folder, served))

    def of(self, surface: str) -> list[str]:
        return [name for name in self.ports if name.startswith(f"{surface}-")]

    def _upstream(self, surface: str) -> str:
        return " ".join(f"server 127.0.0.1:{self.ports[name]};" for name in self.of(surface))


def pgbouncer() -> str | None:
    return shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")
