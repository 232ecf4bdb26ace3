"""The process's part of the desk. Importing it registers everything."""

from reviews.admin import (
    board,
    cards,
    closing,
    comments,
    dossier,
    metrics,
    my_year,
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
    "cards",
    "closing",
    "comments",
    "dossier",
    "metrics",
    "my_year",
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
