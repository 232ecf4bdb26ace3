"""The process's part of the desk. Importing it registers everything."""

from reviews.admin import cards, dossier, objection, offers, panels, records, review

__all__ = ["cards", "dossier", "objection", "offers", "panels", "records", "review"]
