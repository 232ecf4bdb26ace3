"""The articles' part of the desk. Importing it registers everything."""

from articles.admin import article, library, offers, pages, publication, revision

__all__ = ["article", "library", "offers", "pages", "publication", "revision"]
