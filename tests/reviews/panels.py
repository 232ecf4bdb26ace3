"""Choosing a panel on the page that opens a round."""

from typing import Any

from tests.desk import Person


def url_of(article, query: str = "") -> str:
    return f"/admin/articles/article/{article.pk}/verb/open_round/{query}"


def seats(people, **kinds: str) -> dict[str, str]:
    """The form's fields for these seats: ``claire="required"``."""
    return {f"seat_{people[name].board_member.pk}": kind for name, kind in kinds.items()}


def opens(person: Person, article, people, **kinds: str) -> Any:
    """Open a round with exactly these seats, whatever the page proposes."""
    url = url_of(article)
    page = person.fields(url, having="stamp")
    empty = {name: "" for name in page if name.startswith("seat_")}
    return person.client.post(url, {**page, **empty, **seats(people, **kinds)})
