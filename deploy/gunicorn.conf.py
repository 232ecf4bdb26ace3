"""How gunicorn serves the site: ``gunicorn --config deploy/gunicorn.conf.py config.wsgi``."""

import gc
import multiprocessing
import os
from pathlib import Path

from config import logs

bind = os.environ.get("WEB_BIND", "0.0.0.0:8000")
workers = int(os.environ.get("WEB_WORKERS") or 2 * multiprocessing.cpu_count() + 1)
worker_class = "sync"  # a page is a millisecond of work: threads would only add database connections
timeout = 30
graceful_timeout = 30
keepalive = 5
backlog = 512

# A worker that has grown goes, and never all of them at once.
max_requests = 5000
max_requests_jitter = 1000
preload_app = False  # each worker has connections of its own, and a new release comes in by HUP

# Whose word counts on whether TLS was used: the proxies' alone. TRUSTED_PROXIES says how many there are.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
limit_request_line = 4094
limit_request_fields = 100
limit_request_field_size = 8190

# Workers show that they live by touching a file: in memory, since a disk may stall.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
control_socket_disable = True

# Nothing of who reads what is logged. A proxy's own log can name requests by the X-Request-ID of the answer.
accesslog = None
_logging = logs.configured(readable=os.environ.get("IMPRIMATUR_ENV") != "production")
logconfig_dict = {
    **_logging,
    "loggers": {
        **_logging["loggers"],
        "gunicorn.error": {"level": "INFO", "handlers": ["console"], "propagate": False},
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
    },
}


def post_worker_init(worker: object) -> None:
    """What was imported stays: the collector needn't look through it whenever a page has made many objects."""
    gc.collect()
    gc.freeze()
