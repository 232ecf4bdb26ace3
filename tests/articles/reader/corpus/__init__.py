"""Short articles that search is judged on, published straight into the tables, and questions about them."""

import tomllib
import uuid
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from articles import content, projection, rendering
from articles.models import Publication
from tests import kept
from tests.many import copied
from tests.story import REFERENCES, Story

FOLDER = Path(__file__).parent
TOPICS = "topics"
KEYS = list(REFERENCES)


@cache
def articles() -> list[dict[str, Any]]:
    return [each for name in ("heart", "other") for each in _read(name)["article"]]


@cache
def questions() -> list[dict[str, Any]]:
    return [{**each, "set": name} for name, part in _read("questions").items() for each in part["questions"]]


@cache
def outside() -> list[dict[str, Any]]:
    """Questions that no article answers."""
    return [{"ask": ask, "set": name} for name, part in _read("questions").items() for ask in part["outside"]]


def publish(story: Story) -> None:
    """All of the corpus as live pages: made once in a process, afterwards put back."""
    kept.once("corpus", lambda: add(pattern(story), articles()))


class _Undone(Exception):
    """Takes back what was only needed to copy from."""


def pattern(story: Story) -> Publication:
    """A live version as the verbs make it, which isn't in the database any more."""
    try:
        with transaction.atomic():
            made = Publication.objects.select_related("article").get(article=story.published())
            raise _Undone
    except _Undone:
        return made


def add(model: Publication, texts: list[dict[str, Any]]) -> list[Publication]:
    """An article for each of ``texts``, copied from ``model`` with its signatures, and live."""
    made = copied([model.article] * len(texts), lambda at, _row: {**_named(texts[at]), "uuid": uuid.uuid4()})
    rows = [
        {"article_id": article.pk, **_named(text), **_text(model, text)}
        for article, text in zip(made, texts, strict=True)
    ]
    publications = copied([model] * len(texts), lambda at, _row: rows[at])
    for publication in publications:
        projection.project(publication)
    return publications


def _named(text: dict[str, Any]) -> dict[str, str]:
    return {"slug": text["slug"], "title": text["title"]}


def _text(model: Publication, text: dict[str, Any]) -> dict[str, Any]:
    audiences = [name for name in rendering.AUDIENCES if name in text]
    numbers = {key: number for number, key in enumerate(KEYS, start=1)}
    html = {name: rendering.render(text[name], audience=name, numbers=numbers).html for name in audiences}
    old = content.parse(model.snapshot)
    snapshot = {
        **old,
        "title": text["title"],
        "short_answer": text["short_answer"],
        "topics": [{"slug": t.lower().replace(" ", "-"), "name": t, "mesh_id": ""} for t in text[TOPICS]],
        "variants": [{**old["variants"][0], "audience": name, "citations": KEYS} for name in audiences],
    }
    return {"snapshot": content.canonical(snapshot), "html": html}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
