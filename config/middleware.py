"""What every page needs, and what the desk's pages need besides Django's own middleware."""

import logging
import secrets
import time
from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from structlog.contextvars import bind_contextvars, clear_contextvars

log = logging.getLogger(__name__)

Answer = Callable[[HttpRequest], HttpResponse]


class RequestIds:
    """A name for each request: in its answer, in every line that is logged meanwhile, and in the tasks it rings for.

    It is always made here, since a name that a stranger chose could be anybody's; a proxy logs what it finds in the
    answer. The public pages pay a few microseconds for it, and only the desk's requests are logged one by one.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.monotonic()
        name = secrets.token_hex(8)
        request.request_id = name  # type: ignore[attr-defined]
        clear_contextvars()
        bind_contextvars(request_id=name)
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = name
            if hasattr(request, "user"):
                _tell(request, response, time.monotonic() - begun)
        finally:
            clear_contextvars()
        return response


def _tell(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """One line for a request of the desk: by route, as addresses hold names and secrets, and by somebody's uuid."""
    person = getattr(request, "_cached_user", None)  # nobody is looked up for the log's sake
    match = request.resolver_match
    log.info(
        "%s %s: %s in %s ms for %s",
        request.method if request.method in KNOWN else "?",
        match.route if match else "an unknown address",
        response.status_code,
        round(seconds * 1000),
        getattr(person, "uuid", None) or "nobody",
    )


KNOWN = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class ContentPolicy(CSPMiddleware):
    """django-csp, which builds the same words for each answer: here they are built once.

    Where an answer has a policy of its own, or none, django-csp does all of it.
    """

    def __init__(self, get_response: Answer) -> None:
        super().__init__(get_response)
        self.usual = build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if hasattr(request, "_csp_nonce") or any(name.startswith("_csp") for name in vars(response)):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.usual)
        return response


class PrivatePages:
    """Nothing behind the reader's gate is kept by a shared cache, or by the browser of a signed-in person."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
