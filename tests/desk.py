"""The desk as a person uses it over HTTP: forms are read from the page and sent back filled in."""

import uuid
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from articles.models import Article
from reviews.checklist import items_of
from reviews.demo.cast import PASSWORD
from reviews.models import ReviewAssignment, ReviewRound


class _Fields(HTMLParser):
    """Collects the fields of the form that holds ``marker`` (a field's name), with the values they show."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self._area: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value if value is not None else "" for name, value in attrs}
        if tag == "form":
            self.forms.append({})
        if not self.forms:
            return
        fields, name = self.forms[-1], given.get("name")
        if tag == "textarea" and name:
            self._area = name
            fields[name] = ""
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            fields.setdefault(self._select, []).append(given.get("value", ""))
        elif tag == "input" and name and given.get("type") not in ("submit", "button", "file"):
            if given.get("type") in ("checkbox", "radio"):
                if "checked" in given:
                    fields.setdefault(name, []).append(given.get("value", "on"))
            else:
                fields[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            if self._area and self.forms[-1][self._area].startswith("\n"):
                self.forms[-1][self._area] = self.forms[-1][self._area][1:]
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1][self._area] += data


def checked(round: ReviewRound) -> dict[str, str]:
    """The fields of the signing form that answer yes to the round's whole checklist."""
    return {f"checklist_{item['code']}": "yes" for item in items_of(round.rule)}


class Person:
    """One of the cast, signed in."""

    def __init__(self, username: str) -> None:
        self.username = username
        self.client = Client()
        assert self.client.login(username=username, password=PASSWORD)

    def fields(self, url: str, *, having: str) -> dict[str, Any]:
        """What the form on this page holds now."""
        page = self.client.get(url)
        assert page.status_code == 200, (url, page.status_code)
        parser = _Fields()
        parser.feed(page.text)
        return next(form for form in parser.forms if having in form)

    def fill(self, url: str, *, having: str = "stamp", **values: Any) -> Any:
        """Send the page's form back with ``values``; a field set to None is left out."""
        data = {**self.fields(url, having=having), **values}
        return self.client.post(url, {name: value for name, value in data.items() if value is not None})

    def act(self, pk: int, verb: str, **values: Any) -> Any:
        """Use a verb of an article through its confirmation page."""
        return self.fill(f"/admin/articles/article/{pk}/verb/{verb}/", **values)

    def force(self, article: Article, verb: str, **values: Any) -> Any:
        """Send a verb's form without asking whether its page offers one, as an attacker would."""
        stamp = Article.objects.get(pk=article.pk).stamp
        url = f"/admin/articles/article/{article.pk}/verb/{verb}/"
        return self.client.post(url, {"stamp": stamp, "request_id": uuid.uuid4(), **values})

    def sign(self, seat: int, verdict: str = "approve", **values: Any) -> Any:
        """Declare no conflict, then answer the whole checklist, decide and sign with the password."""
        url = f"/admin/reviews/{seat}/"
        declared = self.fill(url, having="disclosure", answer="none")
        assert declared.status_code == 302, declared.text
        values = {**checked(ReviewAssignment.objects.get(pk=seat).round), **values}
        return self.fill(url, having="password", verdict=verdict, password=PASSWORD, sign="1", **values)
