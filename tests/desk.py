"""The desk as a person uses it over HTTP: forms are read from the page and sent back filled in."""

import uuid
from typing import Any

from django.test import Client

from articles.models import Article
from reviews.checklist import items_of
from reviews.demo.cast import PASSWORD
from reviews.models import ReviewAssignment, ReviewRound
from tests.forms import fields_of


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
        return fields_of(page.text, having=having)

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
