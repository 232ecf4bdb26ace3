"""The named views. Each answers one question, and says so."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from editorial.models import User
from reviews import desk, waiting_list
from reviews.models import ReviewAssignment
from reviews.models.assignment import ended
from reviews.waiting_list import Listed

RE_REVIEW_AHEAD = timedelta(days=30)
"""From when on an article counts as due: the panel needs time before the day on which the page turns stale."""


class Moment:
    """Now, with what the views ask of it: asked for once, whatever number of views looks.

    With ``zones`` nothing is asked for: due days are over or not in each of them.
    """

    def __init__(self, now: datetime, zones: Iterable[str] | None = None) -> None:
        self.now = now
        self.zones = zones
        self.re_review_by = (now + RE_REVIEW_AHEAD).date()

    @cached_property
    def listed(self) -> Listed:
        return waiting_list.look(self.now)

    @cached_property
    def ended(self) -> Q:
        return ended(self.now, self.zones)


@dataclass(frozen=True)
class View:
    """``tells``: it says something of verdicts, so it leaves out what its reader judges or wrote."""

    name: str
    label: Any
    asks: Any
    rows: Callable[[Moment], QuerySet[Article]]
    empty: Any
    tells: bool = False
    trouble: bool = False
    sort: str = "since"
    """The order in which it is looked at first."""

    def seen_by(self, user: User, at: Moment) -> QuerySet[Article]:
        """The rows of this view that ``user`` may know of."""
        rows = self.rows(at).order_by()
        if not self.tells:
            return rows
        judged = ReviewAssignment.objects.held_by(user).filter(round__article=OuterRef("pk"))
        written = Article.authors.through.objects.filter(article=OuterRef("pk"), user=user)
        return rows.filter(~Exists(judged), ~Exists(written))


VIEWS = (
    View(
        "open",
        _("Everything open"),
        _("All that waits for somebody."),
        lambda at: desk.unfinished(),
        _("Nothing is open. Import a manuscript, or add an article."),
    ),
    View(
        "objection",
        _("Objection open"),
        _("A physician sees harm. Nothing is published until the board has answered."),
        lambda at: desk.objection_open(),
        _("No safety objection stands."),
        tells=True,
        trouble=True,
    ),
    View(
        "on-hold",
        _("On hold"),
        _("Taken off the site: a chief editor puts it back or ends it, or an editor revises it."),
        lambda at: desk.on_hold(),
        _("Nothing is off the site."),
        trouble=True,
    ),
    View(
        "quorum-lost",
        _("Quorum lost"),
        _("Live on withdrawn signatures: after 14 days the clock takes it off the site."),
        lambda at: desk.quorum_lost(),
        _("No live page has lost its quorum."),
        trouble=True,
    ),
    View(
        "full-review",
        _("Full review owed"),
        _("Mended at short notice: the full panel has to review it."),
        lambda at: desk.full_review_owed(),
        _("No urgent version waits for its full panel."),
        trouble=True,
    ),
    View(
        "unsatisfiable",
        _("Unsatisfiable"),
        _("The panel can't bring its approvals any more: an editor adds a seat."),
        lambda at: desk.unsatisfiable(),
        _("Every panel can still bring its approvals."),
        tells=True,
        trouble=True,
    ),
    View(
        "overdue",
        _("Overdue"),
        _("A review is late where its member lives: remind, extend, or release the seat."),
        lambda at: desk.overdue(at.ended),
        _("No review is late."),
        trouble=True,
    ),
    View(
        "decide",
        _("Ready to decide"),
        _("Every required seat has spoken: an editor decides."),
        lambda at: desk.ready_to_decide(),
        _("Nothing waits for an editor's decision."),
        tells=True,
    ),
    View(
        "triage",
        _("Needs triage"),
        _("Submitted: an editor sets risk, specialty and who handles it."),
        lambda at: desk.needs_triage(),
        _("Everything submitted has been triaged."),
    ),
    View(
        "panel",
        _("Needs a panel"),
        _("Triaged: an editor chooses who reviews it."),
        lambda at: desk.needs_panel(),
        _("Every triaged article has its panel."),
    ),
    View(
        "week",
        _("Waiting for their week"),
        _("The clock opens their rounds at the desk's pace, from the top, with the panel that is proposed that day."),
        lambda at: desk.waiting_for_their_week(),
        _("Nothing waits for its week. Tick triaged articles and put them on the list to open many at a pace."),
        sort="place",
    ),
    View(
        "answers",
        _("Waiting for answers"),
        _("Somebody was asked whether they can review, and hasn't said so."),
        lambda at: desk.waiting_for_answers(),
        _("Everybody who was asked has answered."),
    ),
    View(
        "reviews",
        _("Waiting for reviews"),
        _("The panel reads."),
        lambda at: desk.waiting_for_reviews(),
        _("No panel is at work."),
    ),
    View(
        "author",
        _("With the author"),
        _("Changes were asked for: the author answers and submits again."),
        lambda at: desk.with_author(),
        _("Nothing waits for an author."),
    ),
    View(
        "drafts",
        _("Drafts"),
        _("Being written."),
        lambda at: desk.drafts(),
        _("There is no draft."),
    ),
    View(
        "re-review",
        _("Due for re-review"),
        _("The board's word gets old within 30 days, or is old: ask it to confirm."),
        lambda at: desk.due_for_re_review(at.re_review_by),
        _("No review runs out within 30 days."),
        sort="review",
    ),
)
BY_NAME = {view.name: view for view in VIEWS}
