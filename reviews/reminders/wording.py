"""What a reminder says, in one sentence; and what the button in its mail is called."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from editorial import clock
from reviews.models import ReminderRule
from reviews.reminders.owed import Owed

T = ReminderRule.Trigger

SENTENCES = {
    T.RESPONSE_DUE: (
        gettext_lazy("Your answer on whether you can review “%(title)s” %(due)s."),
        gettext_lazy("The answer of %(who)s on whether they can review “%(title)s” %(due)s."),
    ),
    T.REVIEW_DUE: (
        gettext_lazy("Your review of “%(title)s” %(due)s."),
        gettext_lazy("The review of “%(title)s” by %(who)s %(due)s."),
    ),
    T.DECISION_DUE: (
        "",
        gettext_lazy("Every review of “%(title)s” is in; the decision %(due)s."),
    ),
    T.NOT_TRIAGED: ("", gettext_lazy("“%(title)s” has waited for triage since %(day)s.")),
    T.NO_PANEL: ("", gettext_lazy("“%(title)s” has waited for a panel since %(day)s.")),
    T.OBJECTION_OPEN: (
        gettext_lazy("A safety objection to “%(title)s” has waited since %(day)s; you can judge it."),
        gettext_lazy("The safety objection of %(who)s to “%(title)s” has waited for an answer since %(day)s."),
    ),
    T.UNSATISFIABLE: (
        "",
        gettext_lazy("The panel of “%(title)s” can't bring its approvals any more, since %(day)s: %(detail)s."),
    ),
    T.CREDENTIAL_EXPIRY: (
        gettext_lazy("Your licence (%(title)s) %(expires)s. Without a valid one you can't sign."),
        gettext_lazy("The licence of %(who)s (%(title)s) %(expires)s."),
    ),
    T.RE_REVIEW_DUE: ("", gettext_lazy("The next review of the page “%(title)s” %(due)s.")),
    T.FULL_REVIEW_DUE: ("", gettext_lazy("The full panel's review of the urgent version of “%(title)s” %(due)s.")),
    T.REFERENCE_ALERT: ("", gettext_lazy("A source of the page “%(title)s” got an alert. %(detail)s.")),
}
"""For whoever owes it, and for the editors."""

ACTIONS = {
    T.RESPONSE_DUE: gettext_lazy("Say whether you can review it"),
    T.REVIEW_DUE: gettext_lazy("Read it and sign"),
    T.CREDENTIAL_EXPIRY: gettext_lazy("Open the desk"),
    T.OBJECTION_OPEN: gettext_lazy("Look at the objection"),
}
EDITORS_ACTIONS = {
    T.RESPONSE_DUE: gettext_lazy("See the article and its panel"),
    T.REVIEW_DUE: gettext_lazy("See the article and its panel"),
    T.DECISION_DUE: gettext_lazy("Decide"),
    T.NOT_TRIAGED: gettext_lazy("Triage it"),
    T.NO_PANEL: gettext_lazy("Choose a panel"),
    T.OBJECTION_OPEN: gettext_lazy("Look at the objection"),
    T.UNSATISFIABLE: gettext_lazy("Mend the panel"),
    T.CREDENTIAL_EXPIRY: gettext_lazy("See the member's credentials"),
    T.RE_REVIEW_DUE: gettext_lazy("Ask the board to confirm it"),
    T.FULL_REVIEW_DUE: gettext_lazy("See the article"),
    T.REFERENCE_ALERT: gettext_lazy("Look at the article"),
}


def sentence(trigger: str, owed: Owed, *, own: bool, today: date) -> str:
    """The one sentence of the mail and of the notice in the desk. A day that hasn't passed is never called missed."""
    day = clock.shown(owed.due)
    names: dict[str, Any] = {
        "title": owed.title,
        "who": owed.who,
        "day": day,
        "detail": owed.detail.rstrip("."),
        "due": _tense(owed.due, today, _("is due on %(day)s"), _("is due today, %(day)s"), _("was due on %(day)s")),
        "expires": _tense(
            owed.due, today, _("expires on %(day)s"), _("expires today, %(day)s"), _("expired on %(day)s")
        ),
    }
    if trigger == T.OBJECTION_OPEN and owed.detail and not own:
        words = _("The objection of %(who)s to “%(title)s” was adjudicated on %(day)s and waits for a chief editor.")
        return words % names
    return str(SENTENCES[T(trigger)][0 if own else 1]) % names


def action(trigger: str, *, own: bool) -> str:
    return str((ACTIONS if own else EDITORS_ACTIONS)[T(trigger)])


def _tense(due: date, today: date, ahead: str, now: str, past: str) -> str:
    words = ahead if today < due else now if today == due else past
    return words % {"day": clock.shown(due)}


def rule_words(rule: ReminderRule) -> str:
    """A rule as people say it: “3 days before a review is due → the member”."""
    what, who = rule.get_trigger_display(), rule.get_audience_display()
    days = abs(rule.offset_days)
    count = ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
    if rule.offset_days < 0:
        when = _("%(count)s before %(what)s") % {"count": count, "what": what}
    elif rule.offset_days == 0:
        when = _("on the day when %(what)s") % {"what": what}
    else:
        when = _("%(count)s after %(what)s") % {"count": count, "what": what}
    words = _("%(when)s → %(who)s") % {"when": when, "who": who}
    if not rule.repeats:
        return words
    more = ngettext("%(more)s more time", "%(more)s more times", rule.repeats) % {"more": rule.repeats}
    every = ngettext("every day", "every %(days)s days", rule.every_days) % {"days": rule.every_days}
    return _("%(words)s, then %(every)s, %(more)s") % {"words": words, "every": every, "more": more}
