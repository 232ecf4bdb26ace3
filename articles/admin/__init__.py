"""The articles' part of the desk. Importing it registers everything."""

from articles.admin import (
    article,
    citing,
    ending,
    library,
    live,
    offers,
    pages,
    places,
    publication,
    revision,
    searching,
)

__all__ = [
    "article",
    "citing",
    "ending",
    "library",
    "live",
    "offers",
    "pages",
    "places",
    "publication",
    "revision",
    "searching",
]
