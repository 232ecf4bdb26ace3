"""Answers the public site before sessions, CSRF and sign-in are even loaded.

Reader pages set and read no cookie. What the public site doesn't know goes on to the desk if it lies
under one of the desk's addresses; anything else is the one 404. What is sent is taken by the forms that
``answers.FORMS`` names, and by nothing else. A process that is one of the two sites alone (``SURFACE``) has
the one 404 for all of the other's addresses.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, get_resolver

from articles.reader import answers

DESK = ("/admin/", "/accounts/", "/act/", "/mail/", "/calendar/")
URLCONF = "articles.reader.urls"


class ReaderGate:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.resolver = get_resolver(URLCONF)
        self.desk = DESK if settings.SURFACE != "reader" else ()
        self.reads = settings.SURFACE != "desk"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(self.desk) or f"{request.path_info}/" in self.desk:
            return self.get_response(request)
        match = self._match(request.path_info) if self.reads else None
        if match is None:
            return answers.not_found(request)
        if request.method not in answers.READING and match.url_name not in answers.FORMS:
            return answers.not_taken()
        request.resolver_match = match
        return match.func(request, *match.args, **match.kwargs)

    def _match(self, path: str) -> ResolverMatch | None:
        try:
            return self.resolver.resolve(path)
        except Resolver404:
            return None
