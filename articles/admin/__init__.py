"""The articles' part of the desk. Importing it registers everything."""

from articles.admin import (
    article,
    citing,
    ending,
    hold,
    library,
    live,
    offers,
    pages,
    places,
    publication,
    questions,
    reader_offers,
    readers,
    revision,
    searching,
    versions,
)

__all__ = [
    "article",
    "citing",
    "ending",
    "hold",
    "library",
    "live",
    "offers",
    "pages",
    "places",
    "publication",
    "questions",
    "reader_offers",
    "readers",
    "revision",
    "searching",
    "versions",
]
