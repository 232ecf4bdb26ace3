"""The process's part of the desk. Importing it registers everything."""

from reviews.admin import cards, objection, offers, panels, records, review, seats

__all__ = ["cards", "objection", "offers", "panels", "records", "review", "seats"]
