"""The office's part of the desk. Importing it registers everything."""

from editorial.admin import (
    board,
    changes,
    closing,
    first_steps,
    mail,
    membership,
    notifications,
    people,
    places,
    policy,
    records,
    resetting,
    searching,
    shown_mail,
)

__all__ = [
    "board",
    "changes",
    "closing",
    "first_steps",
    "mail",
    "membership",
    "notifications",
    "people",
    "places",
    "policy",
    "records",
    "resetting",
    "searching",
    "shown_mail",
]
