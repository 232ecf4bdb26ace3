"""The process's part of the desk. Importing it registers everything."""

from reviews.admin import cards, objection, offers, panels, re_review, records, review, signatures

__all__ = ["cards", "objection", "offers", "panels", "re_review", "records", "review", "signatures"]
