"""The articles' part of the desk. Importing it registers everything."""

from articles.admin import article, citing, ending, library, live, offers, pages, publication, revision, versions

__all__ = ["article", "citing", "ending", "library", "live", "offers", "pages", "publication", "revision", "versions"]
