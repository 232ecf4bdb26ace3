"""The process's part of the desk. Importing it registers everything."""

from reviews.admin import cards, closing, objection, offers, panels, re_review, records, review, signatures

__all__ = ["cards", "closing", "objection", "offers", "panels", "re_review", "records", "review", "signatures"]
