"""The process's part of the desk. Importing it registers everything."""

from reviews.admin import board, cards, objection, offers, panels, records, review

__all__ = ["board", "cards", "objection", "offers", "panels", "records", "review"]
