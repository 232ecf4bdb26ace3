"""Answers the public site before sessions, CSRF and sign-in are even loaded.

Reader pages set and read no cookie. What the public site doesn't know goes on to the desk if it lies
under one of the desk's addresses; anything else is the one 404. What is sent is taken by the forms that
``answers.FORMS`` names, and by nothing else.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, get_resolver

from articles.reader import answers

DESK = ("/admin/", "/accounts/", "/act/", "/mail/", "/calendar/")
URLCONF = "articles.reader.urls"


class ReaderGate:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.resolver = get_resolver(URLCONF)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(DESK):
            return self.get_response(request)
        try:
            match = self.resolver.resolve(request.path_info)
        except Resolver404:
            if f"{request.path_info}/" in DESK:
                return self.get_response(request)
            return answers.not_found(request)
        if request.method not in answers.READING and match.url_name not in answers.FORMS:
            return answers.not_taken()
        request.resolver_match = match
        return match.func(request, *match.args, **match.kwargs)
