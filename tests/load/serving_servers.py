"""The web servers of the bench: gunicorn with the project's own configuration for each site, and nginx for the file."""

import os
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import nginx
from tests.load import costs
from tests.load.serving_anchors import Anchor
from tests.throwaway import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "www.example.org"
OURS, NGINX = "ours", "nginx"
WORKERS = 2
START_SECONDS = 60
NGINX_CONF = """
worker_processes {workers}; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 128; }}
http {{ access_log off; sendfile on; types {{ text/html html; }}
  server {{ listen 127.0.0.1:{port}; root {folder}; }} }}
"""


@dataclass(frozen=True)
class Server:
    """One that runs: where it listens, and its first process, all others of it below."""

    port: int
    process: subprocess.Popen[bytes]

    def workers(self) -> list[int]:
        return costs.children(self.process.pid)


@contextmanager
def running(folder: Path, page: str) -> Iterator[dict[str, Server]]:
    """All of them by name. ``page``: what the anchors answer."""
    folder.chmod(0o755)  # nginx's workers run under another account
    (folder / "page.html").write_text(page)
    _collected()
    with ExitStack() as stack:
        found = {OURS: _gunicorn(stack, folder, OURS, "config.wsgi", _production())}
        for name in (Anchor.BARE, Anchor.MIDDLEWARE, Anchor.YARDSTICK, Anchor.RECONNECTING, Anchor.TEMPLATE):
            own = {"ANCHOR": name, "ANCHOR_PAGE": str(folder / "page.html")}
            found[name] = _gunicorn(stack, folder, name, "tests.load.serving_anchors", _production() | own)
        if program := nginx.program():
            found[NGINX] = _nginx(stack, folder, program)
        for name, server in found.items():
            _wait(name, server, folder)
        yield found


def _production() -> dict[str, str]:
    """The environment of an installation, on the bench's servers."""
    kept = {name: os.environ[name] for name in ("PATH", "DATABASE_URL", "REDIS_URL")}
    own = {"IMPRIMATUR_ENV": "production", "SECRET_KEY": secrets.token_urlsafe(64), "ALLOWED_HOSTS": HOST}
    own |= {"PUBLIC_URL": f"https://{HOST}", "EMAIL_URL": "smtp+tls://127.0.0.1:587"}
    return kept | own | {"WEB_WORKERS": str(WORKERS), "PYTHONDONTWRITEBYTECODE": "1"}


def _gunicorn(stack: ExitStack, folder: Path, name: str, module: str, environment: dict[str, str]) -> Server:
    """No worker is renewed meanwhile: starting one would count as serving."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--max-requests", "0", module]
    return _started(stack, folder, name, port, command, environment | {"WEB_BIND": f"127.0.0.1:{port}"})


def _nginx(stack: ExitStack, folder: Path, program: str) -> Server:
    port = free_port()
    conf = folder / "nginx.conf"
    conf.write_text(NGINX_CONF.format(workers=WORKERS, folder=folder, port=port))
    return _started(stack, folder, NGINX, port, [program, "-c", str(conf), "-p", str(folder)], dict(os.environ))


def _started(stack: ExitStack, folder: Path, name: str, port: int, command: list[str], env: dict[str, str]) -> Server:
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
    stack.callback(_stop, process)
    return Server(port, process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait(name: str, server: Server, folder: Path) -> None:
    """Until it answers anything at all."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{server.port}/healthz", timeout=5)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"{name} didn't start: {(folder / f'{name}.log').read_text()[-2000:]}")


def _collected() -> None:
    """The style sheets and scripts as production has them: it serves no page without."""
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=_production(), check=True)
