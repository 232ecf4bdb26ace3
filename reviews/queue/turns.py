"""Whose turn is it, and what is the next act: answered from values, the same for a row, a card and a mail. Pure."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.states import ArticleState, PublicationStatus


@dataclass(frozen=True)
class Seat:
    """One seat of the open panel, as far as the queue tells of it."""

    pk: int
    name: str
    status: str
    due_on: date
    open: bool = True
    asked: bool = False
    """Was asked for an answer and hasn't given one."""
    late: bool = False
    standing_by: bool = False
    required: bool = True
    verdict: str = ""
    says: str = ""
    """Its status or verdict in words."""
    approves: bool = False

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[0], words[-1]) if word) if words[1:] else self.name[:2]

    @property
    def mark(self) -> str:
        """What the chip's colour says, as a sign."""
        if self.verdict:
            return " ✓" if self.approves else " ✕"
        if not self.open:
            return " ✓"
        return " !" if self.late else ""


@dataclass(frozen=True)
class Standing:
    """What is known of an article when somebody asks whose turn it is."""

    state: str
    triaged: bool = False
    status: str = ""
    """Of the version that readers have; empty when they have none."""
    seats: tuple[Seat, ...] = ()
    editor: str = ""
    authors: tuple[str, ...] = ()
    objection: bool = False
    unsatisfiable: str = ""
    quorum_lost: bool = False
    full_review_by: date | None = None
    next_review_due: date | None = None
    today: date = date.min


@dataclass(frozen=True)
class Turn:
    """Whom it waits for, for what, by when; ``act`` names the next act, empty when there is nothing to do but read."""

    who: str = ""
    what: str = ""
    act: str = ""
    due_on: date | None = None


def turn_of(at: Standing) -> Turn:
    """Troubles first: what stops everything else stands before what merely waits.

    A safety objection stops an approval. It stops neither its author's answer to it nor the round that reads that.
    """
    editor = at.editor or _("an editor")
    if at.status == PublicationStatus.ON_HOLD and at.state == ArticleState.APPROVED:
        return Turn(_("a chief editor"), _("decide what becomes of the page"), "look")
    if at.objection and at.state in (ArticleState.UNDER_REVIEW, ArticleState.APPROVED):
        return Turn(_("the board"), _("answer the safety objection"), "objection")
    if at.state == ArticleState.UNDER_REVIEW:
        return _under_review(at, editor)
    if at.state == ArticleState.SUBMITTED:
        if not at.triaged:
            return Turn(editor, _("triage"), "triage")
        return Turn(editor, _("choose the panel"), "open_round")
    if at.state in (ArticleState.DRAFT, ArticleState.CHANGES_REQUESTED):
        what = _("finish the draft") if at.state == ArticleState.DRAFT else _("answer the comments and submit")
        return Turn(_names(at.authors) or _("the author"), what, "look")
    return _published(at, editor)


def _under_review(at: Standing, editor: str) -> Turn:
    if at.unsatisfiable:
        return Turn(editor, at.unsatisfiable, "add_seat")
    owed = [seat for seat in at.seats if seat.open and seat.required and not seat.standing_by]
    late = [seat for seat in owed if seat.late]
    if late:
        first = min(seat.due_on for seat in late)
        days = max((at.today - first).days, 1)
        what = ngettext("review, %(days)s day late", "review, %(days)s days late", days) % {"days": days}
        return Turn(_names([seat.name for seat in late]), what, "remind", first)
    if not owed:
        return Turn(editor, _("decide"), "decide")
    unanswered = [seat for seat in owed if seat.asked]
    waiting = unanswered or owed
    what = _("say whether they can review") if unanswered else _("review")
    return Turn(_names([seat.name for seat in waiting]), what, "look", min(seat.due_on for seat in waiting))


def _published(at: Standing, editor: str) -> Turn:
    if at.status != PublicationStatus.LIVE:
        return Turn()
    if at.quorum_lost:
        return Turn(editor, _("have the board confirm what lost its quorum"), "re_review")
    if at.full_review_by:
        return Turn(editor, _("have the full panel review the urgent version"), "re_review", at.full_review_by)
    if at.next_review_due:
        return Turn(editor, _("ask the board to confirm"), "re_review", at.next_review_due)
    return Turn()


def _names(names: "list[str] | tuple[str, ...]") -> str:
    """One name, or two, or the first with how many others; the same name once."""
    names = list(dict.fromkeys(names))
    if len(names) < 3:
        return _(" and ").join(names)
    return _("%(first)s and %(others)s others") % {"first": names[0], "others": len(names) - 1}
