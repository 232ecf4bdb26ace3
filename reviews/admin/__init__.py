"""The process's part of the desk. Importing it registers everything."""

from reviews.admin import cards, comments, objection, offers, panels, records, review

__all__ = ["cards", "comments", "objection", "offers", "panels", "records", "review"]
