"""What machines ask of the public site."""

import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from articles.reader import answers, sitemaps

PLAIN, XML = "text/plain; charset=utf-8", "application/xml; charset=utf-8"
KEPT_OUT = (
    *("/admin/", "/accounts/", "/act/", "/mail/", "/calendar/"),
    *("/search/", "/ask/", "/articles/*/report/"),
)
"""The desk, what a search finds, and forms (RFC 9309: a star stands for anything)."""


@answers.reading
def robots(request: HttpRequest) -> HttpResponse:
    rules = "".join(f"Disallow: {path}\n" for path in KEPT_OUT)
    return _text(request, f"User-agent: *\n{rules}\nSitemap: {settings.PUBLIC_URL}/sitemap.xml\n", PLAIN)


@answers.reading
def sitemap_index(request: HttpRequest) -> HttpResponse:
    return _text(request, sitemaps.index(), XML)


@answers.reading
def sitemap(request: HttpRequest, number: int) -> HttpResponse:
    text = sitemaps.part(number)
    return answers.not_found(request) if text is None else _text(request, text, XML)


def _text(request: HttpRequest, text: str, kind: str) -> HttpResponse:
    etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    return answers.unless_known(request, etag, lambda: HttpResponse(text, content_type=kind))
