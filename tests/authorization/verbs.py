"""Who may at most be offered each verb on an article, in whatever state it is: house.md, the tables of verbs."""

from tests.authorization.policy import BOARD, CHIEF, EDITORS, ITS_STAFF

HOLDERS = ITS_STAFF | BOARD

OFFERED = {
    **dict.fromkeys(("submit", "revise", "abandon", "withdraw", "reopen"), ITS_STAFF),
    **dict.fromkeys(("triage", "open_round", "request_changes", "reject", "discard_revision", "re_review"), EDITORS),
    **dict.fromkeys(("confirm", "add_seat", "comment", "hand_over", "list_round", "unlist_round"), EDITORS),
    "hold": HOLDERS,
    **dict.fromkeys(("lift", "restore", "retract", "retire", "remove"), CHIEF),
}
