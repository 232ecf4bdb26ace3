"""A reader's form as a browser sends it: read from the page, filled in, sent back some seconds later."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client

FORM = "application/x-www-form-urlencoded"
HERE = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
TEXT = "The dose in the second paragraph is ten times too high."


def token_of(page: HttpResponse) -> str:
    return re.search(r'name="token" value="([^"]+)"', page.content.decode())[1]


def typed_in(page: HttpResponse) -> str:
    """What stands in the form's text field."""
    area = re.search(r'<textarea name="text"[^>]*>\n?(.*?)</textarea>', page.content.decode(), re.DOTALL)
    return unescape(area[1])


def refusal_of(page: HttpResponse) -> str:
    """What the page says about why nothing was sent."""
    banner = re.search(r'role="alert">(.*?)</div>', page.content.decode(), re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(banner[1])).split()) if banner else ""


def send(
    path: str, token: str, text: str = TEXT, *, headers: dict[str, str] | None = None, client: Any = None, **more: Any
) -> HttpResponse:
    fields = {"token": token, "text": text, "email": "", "website": "", **more}
    given = HERE if headers is None else headers
    return (client or Client(enforce_csrf_checks=True)).post(path, urlencode(fields), content_type=FORM, headers=given)
