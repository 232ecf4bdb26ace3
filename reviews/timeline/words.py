"""What an audit event says to people: one line for each kind, in the desk's own words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from editorial import clock
from editorial.models.policy import ChangeClass, RiskTier

ARTICLE, REVIEW, COMMENTS, VERSIONS, MAIL = "article", "review", "comments", "versions", "mail"
GROUPS = (
    (ARTICLE, _("Decisions and edits")),
    (REVIEW, _("Review")),
    (COMMENTS, _("Comments")),
    (VERSIONS, _("Versions and notices")),
    (MAIL, _("Mail")),
)

LINES: dict[str, tuple[str, Any]] = {
    "article.created": (ARTICLE, _("Draft made")),
    "article.imported": (ARTICLE, _("Imported from “%(file)s”")),
    "article.changed": (ARTICLE, _("Edited")),
    "article.markers_confirmed": (ARTICLE, _("Restored citations confirmed")),
    "article.submitted": (ARTICLE, _("Submitted for review")),
    "article.triaged": (ARTICLE, _("Triaged")),
    "article.handed_over": (ARTICLE, _("Handed over to %(editor)s")),
    "article.round_listed": (ARTICLE, _("Waits for its week")),
    "article.round_unlisted": (ARTICLE, _("Waits for its week no more")),
    "article.round_moved_on_list": (ARTICLE, _("Moved among those that wait for their week")),
    "article.round_not_opened": (ARTICLE, _("Its round couldn't be opened in its week")),
    "article.round_opened_in_its_week": (ARTICLE, _("Its week has come")),
    "article.re_review_opened": (ARTICLE, _("The board was asked to confirm the page")),
    "article.re_review_not_opened": (ARTICLE, _("No panel could be asked to confirm the page")),
    "article.withdrawn": (ARTICLE, _("Unlocked for editing")),
    "article.changes_requested": (ARTICLE, _("Changes requested")),
    "article.rejected": (ARTICLE, _("Rejected")),
    "article.approved": (ARTICLE, _("Approved")),
    "article.reopened": (ARTICLE, _("Reopened")),
    "article.revision_started": (ARTICLE, _("Opened for a new version")),
    "article.revision_discarded": (ARTICLE, _("Revision discarded")),
    "article.abandoned": (ARTICLE, _("Draft abandoned")),
    "article.quorum_lost": (ARTICLE, _("The page lost its quorum")),
    "article.quorum_not_regained": (ARTICLE, _("The lost quorum wasn't regained in time")),
    "article.full_review_missed": (ARTICLE, _("The full panel's review came not in time")),
    "dossier.exported": (ARTICLE, _("Dossier downloaded")),
    "signature.voided": (REVIEW, _("A signature was withdrawn")),
    "signature.kept": (REVIEW, _("A signature was looked at and stands")),
    "round.opened": (REVIEW, _("Review round %(round)s opened")),
    "round.closed": (REVIEW, _("Review round %(round)s closed")),
    "round.confirmed": (REVIEW, _("The board's approval confirmed")),
    "round.unsatisfiable": (REVIEW, _("The panel can't bring its approvals any more")),
    "round.satisfiable_again": (REVIEW, _("The panel can bring its approvals again")),
    "assignment.made": (REVIEW, _("Seat for %(seat)s")),
    "assignment.accepted": (REVIEW, _("Review taken on: %(seat)s")),
    "assignment.declined": (REVIEW, _("Seat given back: %(seat)s")),
    "assignment.recused": (REVIEW, _("Recused: %(seat)s")),
    "assignment.expired": (REVIEW, _("Seat expired: %(seat)s")),
    "assignment.released": (REVIEW, _("Seat released: %(seat)s")),
    "assignment.promoted": (REVIEW, _("Moved up to a seat: %(seat)s")),
    "assignment.covered": (REVIEW, _("Stands in for somebody away: %(seat)s")),
    "assignment.extended": (REVIEW, _("More time for %(seat)s")),
    "assignment.uncovered": (REVIEW, _("Away on the due day, and nobody can take over: %(seat)s")),
    "assignment.reopened": (REVIEW, _("The review is owed again: %(seat)s")),
    "conflict.declared": (REVIEW, _("Interests declared: %(seat)s")),
    "review.signed": (REVIEW, _("Review signed")),
    "review.carried": (REVIEW, _("A signature carried over from an earlier round")),
    "objection.withdrawn": (REVIEW, _("Safety objection withdrawn")),
    "objection.adjudicated": (REVIEW, _("Safety objection adjudicated")),
    "objection.confirmed": (REVIEW, _("Adjudication confirmed: the safety objection ended")),
    "publication.scheduled": (VERSIONS, _("Version %(version)s waits for its day")),
    "publication.published": (VERSIONS, _("Version %(version)s published")),
    "publication.restored": (VERSIONS, _("Version %(version)s published: an earlier one brought back")),
    "publication.publish": (VERSIONS, _("Version %(version)s shown on its day")),
    "publication.not_released": (VERSIONS, _("Version %(version)s wasn't shown on its day")),
    "publication.cancel": (VERSIONS, _("Version %(version)s won't be shown")),
    "publication.supersede": (VERSIONS, _("Version %(version)s superseded")),
    "publication.hold": (VERSIONS, _("Version %(version)s taken off the site")),
    "publication.lift": (VERSIONS, _("Version %(version)s back on the site")),
    "publication.retract": (VERSIONS, _("Version %(version)s retracted")),
    "publication.retire": (VERSIONS, _("Version %(version)s retired")),
    "publication.remove": (VERSIONS, _("Version %(version)s removed")),
    "notice.issued": (VERSIONS, _("Notice issued")),
}
"""Kinds of events that the timeline tells, with the group that each belongs to."""

OPEN = frozenset(
    {
        *("article.created", "article.imported", "article.changed", "article.markers_confirmed", "article.submitted"),
        *("article.triaged", "article.handed_over", "article.re_review_opened", "article.withdrawn"),
        *("article.changes_requested", "article.rejected", "article.approved", "article.reopened"),
        *("article.revision_started", "article.revision_discarded", "article.abandoned"),
        *("round.opened", "round.closed", "review.signed"),
        *(kind for kind in LINES if kind.startswith("publication.") and kind != "publication.not_released"),
        "notice.issued",
    }
)
"""What authors may know of, as long as no line says who reviews the text, or how."""

FOR_AUTHORS = frozenset(
    {
        *("article.withdrawn", "article.changes_requested", "article.rejected", "article.reopened"),
        *("article.revision_started", "article.revision_discarded", "article.abandoned"),
    }
)
"""Of these the authors read the reason, where an editor or an author gave it."""

OUTCOMES = {
    "approved": _("approved"),
    "changes_requested": _("changes requested"),
    "rejected": _("rejected"),
    "withdrawn": _("unlocked for editing"),
}
NOTICES = {
    "correction": _("Correction"),
    "concern": _("Expression of concern"),
    "retraction": _("Retraction"),
    "removal": _("Removal"),
    "safety": _("Safety notice"),
}
SEATS = {"required": _("required"), "optional": _("optional"), "alternate": _("stands by as an alternate")}


def kinds_of(group: str) -> list[str]:
    """The kinds of events in this group; all of them where it is empty."""
    return [kind for kind, (of, _line) in LINES.items() if group in ("", of)]


def detail(kind: str, data: Mapping[str, Any]) -> str:
    """The facts beside the line that name nobody; empty when there are none."""
    match kind:
        case "article.submitted":
            return _choice(ChangeClass, data.get("change_class"))
        case "article.triaged":
            risk = _choice(RiskTier, data.get("risk_tier"))
            return ", ".join(part for part in (risk and str(_("%(risk)s risk")) % {"risk": risk}, _topic(data)) if part)
        case "article.changed":
            return ", ".join(_edited(data))
        case "round.closed":
            return str(OUTCOMES.get(data.get("outcome", ""), ""))
        case "notice.issued":
            return str(NOTICES.get(data.get("notice_kind", ""), ""))
        case "conflict.declared":
            return str(_("a conflict") if data.get("has_conflict") else _("no conflict"))
        case "assignment.made" | "assignment.extended" | "assignment.promoted" | "assignment.covered":
            return _seat(data)
        case "article.re_review_opened":
            return _choice(ChangeClass, data.get("change_class"))
    return ""


def _seat(data: Mapping[str, Any]) -> str:
    kind = str(SEATS.get(data.get("seat", ""), ""))
    due = _day(data.get("review_on"))
    if data.get("seat") == "alternate" or not due:
        return kind
    said = str(_("review due %(day)s")) % {"day": due}
    return f"{kind}, {said}" if kind else said


def _topic(data: Mapping[str, Any]) -> str:
    return str(data.get("specialty", "")).replace("-", " ")


def _day(value: Any) -> str:
    try:
        return clock.shown(date.fromisoformat(str(value)))
    except ValueError:
        return ""


def _choice(choices: Any, value: Any) -> str:
    return str(choices(value).label).lower() if value in choices.values else ""


def _edited(data: Mapping[str, Any]) -> list[str]:
    """What was changed, without the values: “title, short answer”."""
    found: list[str] = []
    for change in data.get("changes", ()):
        fields = [str(name).replace("_", " ").lower() for name in change.get("fields", ())]
        found += fields or [str(change.get("of", ""))]
    return list(dict.fromkeys(name for name in found if name))
