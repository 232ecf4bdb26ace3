"""An nginx of one's own, all of whose files lie in one folder."""

import os
import shutil
from pathlib import Path

NONE = "no nginx on this machine. Install it (on Debian: apt-get install nginx-light)"
_KINDS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def program() -> str | None:
    return shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


def command(folder: Path, http: str) -> list[str]:
    """What starts it in the foreground, with ``http`` as what it serves."""
    user = "user root;" if os.geteuid() == 0 else ""
    temporary = "\n".join(f"  {kind}_temp_path {folder}/{kind};" for kind in _KINDS)
    file = folder / "nginx.conf"
    file.write_text(
        f"daemon off;\n{user}\npid {folder}/nginx.pid;\nerror_log {folder}/nginx.log;\nevents {{}}\n"
        f"http {{\n  access_log off;\n{temporary}\n{http}\n}}\n"
    )
    return [program() or "nginx", "-c", str(file), "-p", str(folder)]
