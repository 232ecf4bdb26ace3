"""Who may open what, as the house says: one line for each route. A route without a line fails the suite.

Whoever isn't let in is *hidden* from (404, as if nothing were there) where the address is about a thing, and *refused*
(403) where it is a place that everybody knows of. Signed out, or without a role, one is sent to sign in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tests.authorization.house import OUT, PEOPLE

SHOWN, ON, SIGN_IN, REFUSED, HIDDEN = "shown", "leads on", "sign in", "refused", "hidden"
GONE, NOT_TAKEN = "gone", "takes no GET"

EDITORS = frozenset({"its editor", "editor", "chief"})
CHIEF = frozenset({"chief"})
BOARD = frozenset({"on its panel", "stood aside", "board"})
PANEL = frozenset({"on its panel"})
AUTHORS = frozenset({"its author", "another author"})
ITS_AUTHOR = frozenset({"its author"})
ITS_STAFF = EDITORS | ITS_AUTHOR
ROLES = EDITORS | BOARD | AUTHORS
ACCOUNTS = frozenset({"chief", "superuser"})
STAFF = ROLES | {"superuser"}
KNOWN = frozenset(PEOPLE) - {OUT}
EVERYBODY = frozenset(PEOPLE)
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rule:
    """``to``: who is let in, and gets ``answer``; all others get ``otherwise``.

    ``at``: by the name of the thing that an address is about, another rule. ``others``: an answer of their own for
    some people. Without ``desk`` nobody is asked to sign in.
    """

    to: frozenset[str]
    answer: str = SHOWN
    otherwise: str = HIDDEN
    at: Mapping[str, "Rule"] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    desk: bool = True

    def expected(self, person: str, about: str) -> str:
        rule = self.at.get(about, self)
        if person in rule.to:
            return rule.answer
        if person in rule.others:
            return rule.others[person]
        return SIGN_IN if rule.desk and person in (OUT, "no role") else rule.otherwise


def refused(to: frozenset[str], answer: str = SHOWN) -> Rule:
    return Rule(to, answer, REFUSED)


def but(rule: Rule, other: Rule, *abouts: str) -> Rule:
    """``rule``, but for the things named."""
    return replace(rule, at={**rule.at, **dict.fromkeys(abouts, other)})


ALL = Rule(EVERYBODY, desk=False)
NONE = Rule(NOBODY)
OUTSIDE = Rule(NOBODY, desk=False)
"""An address that was guessed: nobody has it."""
NEVER = refused(NOBODY)
"""Rows that nobody adds or deletes by hand."""

OF_STAFF = Rule(STAFF)
OF_EDITORS = Rule(EDITORS)
OF_CHIEF = Rule(CHIEF)
OF_BOARD = Rule(BOARD)
OF_ITS_STAFF = Rule(ITS_STAFF)
OF_ITS_PANEL = Rule(PANEL)
LIST_OF_EDITORS = refused(EDITORS)
LIST_OF_CHIEF = refused(CHIEF)

UNPUBLISHED = ("draft", "submitted", "triaged", "under review", "objected to", "changes requested", "rejected")
NO_PAGE = (*UNPUBLISHED, "scheduled")
FOR_READERS = but(ALL, OUTSIDE, *NO_PAGE, "held")
PAGE = but(FOR_READERS, Rule(EVERYBODY, GONE, desk=False), "removed")
COMPARED = but(Rule(ITS_STAFF | PANEL), OF_ITS_STAFF, "draft", "submitted", "triaged")
"""Whoever sat on a panel may compare what that round was about with what came of it."""

READERS = {
    **dict.fromkeys(("home", "board", "member", "topics", "topic", "search", "suggest", "ask", "ask_send"), ALL),
    **dict.fromkeys(("ask_sent", "notice", "policy", "policy_version", "feed", "feed_corrections", "feed_topic"), ALL),
    **dict.fromkeys(("sitemap_index", "sitemap", "robots"), ALL),
    **dict.fromkeys(("article", "history", "version", "changes"), PAGE),
    "report": but(FOR_READERS, OUTSIDE, "removed"),
    "reported": but(FOR_READERS, OUTSIDE, "removed"),
}

ACCOUNT = {
    "account_login": Rule(KNOWN, ON, SHOWN, desk=False),
    "admin:login": Rule(STAFF, ON, SIGN_IN, others={"no role": REFUSED}),
    **dict.fromkeys(("account_inactive", "account_reset_password", "account_reset_password_done"), ALL),
    **dict.fromkeys(("account_reset_password_from_key", "account_reset_password_from_key_done"), ALL),
    **dict.fromkeys(("account_change_password", "factors", "factor_add_passkey"), Rule(KNOWN)),
    "account_set_password": Rule(KNOWN, ON),
    # Whoever has an app already adds no other, and has codes to renew.
    "factor_add_app": Rule(KNOWN - PANEL, others={"on its panel": ON}),
    "factor_renew_codes": Rule(KNOWN - PANEL, ON, others={"on its panel": SHOWN}),
    **dict.fromkeys(("mfa_authenticate", "mfa_login_webauthn"), Rule(KNOWN, ON)),
    "factor_remove": Rule(PANEL, others={"no role": HIDDEN}),
    "proof_challenge": Rule(EVERYBODY, NOT_TAKEN, desk=False),
    "admin:reset_factors": OF_CHIEF,
    "admin:password_change": Rule(EVERYBODY, ON, desk=False),
    "admin:password_change_done": OF_STAFF,
    "own_invitation": Rule(NOBODY, others={"no role": HIDDEN}),
    **dict.fromkeys(("invitation", "unsubscribe", "calendar", "demo_letter", "demo_letter_html"), OUTSIDE),
    **dict.fromkeys(("demo_mailbox", "demo_mailbox_send"), OUTSIDE),
}

EVERY_ROLE = {
    **dict.fromkeys(("admin:index", "admin:mail", "admin:notifications", "admin:notifications_count"), OF_STAFF),
    **dict.fromkeys(("admin:search", "admin:search_hits", "admin:signatures", "admin:own_data"), OF_STAFF),
    **dict.fromkeys(("admin:act_home", "admin:act", "admin:first_steps"), Rule(STAFF, ON)),
    **dict.fromkeys(("admin:notifications_read", "admin:notification_read", "admin:notification_go"), Rule(STAFF, ON)),
    "admin:first_steps_close": Rule(AUTHORS, ON),
    "admin:mail_verb": but(OF_STAFF, OF_EDITORS, "leave"),
    "admin:mail_end_leave": Rule(frozenset({"its editor"})),
    "admin:mail_samples": LIST_OF_CHIEF,
    "admin:mail_sample": LIST_OF_CHIEF,
    "admin:autocomplete": NEVER,
    "admin:view_on_site": Rule(NOBODY),
    "admin:app_list": but(
        but(Rule(AUTHORS | EDITORS), Rule(BOARD | EDITORS | ACCOUNTS), "editorial"), OF_EDITORS, "reviews"
    ),
}

OF_THE_BOARD = {
    "admin:membership": OF_BOARD,
    "admin:membership_end": OF_ITS_PANEL,
    "admin:invite": LIST_OF_EDITORS,
    "admin:board_import": LIST_OF_EDITORS,
    "admin:invitations": OF_EDITORS,
    "admin:struck_off": OF_CHIEF,
    "admin:board_verb": but(
        but(NONE, OF_EDITORS, "send_invitation", "revoke_invitation"), OF_CHIEF, "left", "strike_off"
    ),
    "admin:my_reviews": Rule(BOARD, ON),
    **dict.fromkeys(("admin:my_year", "admin:my_year_csv"), OF_BOARD),
}

OF_ARTICLES = {
    "admin:articles_article_changelist": refused(AUTHORS | EDITORS),
    "admin:articles_article_add": refused(AUTHORS | EDITORS),
    # Django leads on from a row that isn't there, with a message; so does it from one that isn't shown.
    "admin:articles_article_change": Rule(ITS_STAFF, otherwise=REFUSED, others={"another author": ON}),
    **dict.fromkeys(("admin:articles_article_history", "admin:articles_article_simple_history"), OF_ITS_STAFF),
    **dict.fromkeys(("admin:markers", "admin:preview", "admin:timeline"), OF_ITS_STAFF),
    "admin:difference": but(OF_ITS_STAFF, NONE, *NO_PAGE),
    "admin:compare": COMPARED,
    "admin:dossier": Rule(ITS_STAFF, NOT_TAKEN),
    **dict.fromkeys(("admin:live", "admin:sources"), Rule(STAFF, NOT_TAKEN)),
    "admin:upload": refused(AUTHORS | EDITORS),
    "admin:hold": but(refused(BOARD | EDITORS), NONE, *NO_PAGE),
}

OF_ROUNDS = {
    "admin:review": OF_ITS_PANEL,
    "admin:review_keep": Rule(STAFF, NOT_TAKEN),
    "admin:seat": but(OF_ITS_PANEL, OF_EDITORS, "extend", "release"),
    "admin:comment": Rule(ITS_STAFF | PANEL),
    "admin:objection": Rule(EDITORS | PANEL),
    "admin:signature": but(Rule(PANEL | CHIEF), OF_CHIEF, "keep"),
}

OF_THE_QUEUE = {
    **dict.fromkeys(("admin:queue", "admin:queue_counts", "admin:queue_export", "admin:queue_pace"), OF_EDITORS),
    "admin:queue_order": Rule(EDITORS, HIDDEN),  # a form alone
    "admin:queue_act": Rule(EDITORS, ON),
    **dict.fromkeys(("admin:remind", "admin:metrics", "admin:metrics_csv", "admin:metrics_chapter"), OF_EDITORS),
}

MESSAGE_VERBS = but(NONE, OF_EDITORS, "settle", "close", "delete")


def rows(model: str, *, see: Rule, add: Rule = NEVER, change: Rule | None = None, history: Rule | None = None) -> dict:
    """The admin's pages of one model. Nobody deletes a row by hand."""
    name = f"admin:{model}_"
    return {
        f"{name}changelist": see,
        f"{name}add": add,
        f"{name}change": change or see,
        f"{name}history": history or see,
        f"{name}delete": NEVER,
    }


RECORDS = {
    **rows("editorial_closedperiod", see=LIST_OF_EDITORS, add=LIST_OF_CHIEF),
    "admin:editorial_closedperiod_verb": OF_CHIEF,
    **rows(
        "editorial_user",
        see=refused(EDITORS | ACCOUNTS),
        add=refused(ACCOUNTS),
        change=refused(EDITORS | ACCOUNTS, ON),
        history=Rule(STAFF, ON),
    ),
    "admin:auth_user_password_change": NONE,
    **rows("editorial_boardmember", see=refused(BOARD | EDITORS), add=LIST_OF_EDITORS, history=Rule(BOARD | EDITORS)),
    "admin:editorial_boardmember_simple_history": Rule(BOARD | EDITORS),
    **rows("editorial_specialty", see=LIST_OF_EDITORS, add=LIST_OF_EDITORS),
    **rows("editorial_editorialpolicy", see=LIST_OF_EDITORS, history=OF_EDITORS),
    "admin:editorial_editorialpolicy_simple_history": OF_EDITORS,
    "admin:editorial_editorialpolicy_newest": Rule(EDITORS, ON),
    "admin:editorial_editorialpolicy_verb": OF_CHIEF,
    **rows("editorial_auditevent", see=LIST_OF_EDITORS),
    **rows("editorial_unexplainedchange", see=LIST_OF_CHIEF),
    "admin:editorial_unexplainedchange_verb": OF_CHIEF,
    **rows("editorial_outboxmessage", see=LIST_OF_CHIEF),
    "admin:editorial_outboxmessage_mail": OF_CHIEF,
    "admin:editorial_outboxmessage_html": OF_CHIEF,
    "admin:articles_article_delete": NEVER,
    **rows(
        "articles_reference",
        see=refused(AUTHORS | EDITORS),
        add=refused(AUTHORS | EDITORS),
        history=Rule(AUTHORS | EDITORS),
    ),
    "admin:articles_reference_simple_history": Rule(AUTHORS | EDITORS),
    **rows("articles_topic", see=refused(AUTHORS | EDITORS), add=LIST_OF_EDITORS),
    **rows("articles_publication", see=LIST_OF_EDITORS),
    **rows("articles_readermessage", see=LIST_OF_EDITORS, change=OF_EDITORS),
    "admin:articles_readermessage_verb": MESSAGE_VERBS,
    **rows("reviews_reviewround", see=LIST_OF_EDITORS),
    **rows("reviews_reminderrule", see=LIST_OF_EDITORS, add=LIST_OF_CHIEF),
    **rows("reviews_reminderdispatch", see=LIST_OF_EDITORS),
}

POLICY: dict[str, Rule] = {
    **READERS,
    **ACCOUNT,
    **EVERY_ROLE,
    **OF_THE_BOARD,
    **OF_ARTICLES,
    **OF_ROUNDS,
    **OF_THE_QUEUE,
    **RECORDS,
}
