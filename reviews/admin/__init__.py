"""The process's part of the desk. Importing it registers everything."""

from reviews.admin import (
    board,
    by_hand,
    cards,
    closing,
    comments,
    dossier,
    objection,
    offers,
    panels,
    re_review,
    records,
    reminding,
    review,
    seats,
    signatures,
)

__all__ = [
    "board",
    "by_hand",
    "cards",
    "closing",
    "comments",
    "dossier",
    "objection",
    "offers",
    "panels",
    "re_review",
    "records",
    "reminding",
    "review",
    "seats",
    "signatures",
]
