"""The words of an article by the places that a comment can be about: title, short answer, each audience's text."""

from collections.abc import Mapping
from typing import Any

from articles import content, rendering, snapshots
from articles.models import Article
from articles.models.article import Audience
from reviews import passages

TITLE, SHORT_ANSWER = "title", "short_answer"
PLACES = {TITLE: "Title", SHORT_ANSWER: "Short answer", **{audience.value: audience.label for audience in Audience}}


def of(article: Article) -> dict[str, str]:
    """The text as it stands: frozen while it is judged, else as its authors have it now."""
    if article.frozen_snapshot:
        return _texts(content.parse(article.frozen_snapshot), article.frozen_html)
    now = snapshots.of(article)
    return _texts(now.values, now.html)


def of_snapshot(canonical: str) -> dict[str, str]:
    """The text that a round was about; empty where an old round didn't keep it."""
    if not canonical:
        return {}
    values = content.parse(canonical)
    html: dict[str, str] = {}
    for variant in values["variants"]:
        numbers = {key: number for number, key in enumerate(variant["citations"], start=1)}
        try:
            rendered = rendering.render(variant["markdown"], audience=variant["audience"], numbers=numbers)
        except rendering.RenderError:  # only an older release could freeze what this one can't render
            continue
        html[variant["audience"]] = rendered.html
    return _texts(values, html)


def _texts(values: Mapping[str, Any], html: Mapping[str, str]) -> dict[str, str]:
    variants = {v["audience"]: passages.plain(html.get(v["audience"], "")) for v in values["variants"]}
    return {TITLE: values["title"], SHORT_ANSWER: values["short_answer"], **variants}
