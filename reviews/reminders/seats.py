"""What the members of a panel owe: an answer, and a review."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from articles.states import ArticleState
from reviews import decisions
from reviews.models import ReminderRule, ReviewAssignment
from reviews.reminders.owed import Duty, Owed
from reviews.states import OPEN, AssignmentState

RELATED = ("member__user", "round__article__handling_editor")
LONG = (
    *("round__snapshot", "round__rule", "round__note"),
    *("round__article__frozen_snapshot", "round__article__frozen_html", "round__article__short_answer"),
)
"""Texts that no reminder says a word of: ten thousand seats would read them all."""


class ReviewDue(Duty):
    trigger = ReminderRule.Trigger.REVIEW_DUE
    kind = "assignment"
    day = "review_on"
    joins = True

    def rows(self) -> QuerySet[Any]:
        rows = ReviewAssignment.objects.select_related(*RELATED).defer(*LONG)
        return rows.prefetch_related("member__absences")

    def due_by(self, latest: date) -> QuerySet[Any]:
        owed = self.rows().filter(state__in=sorted(OPEN), round__closed_at=None).exclude(seat="alternate")
        return owed.filter(**{f"{self.day}__lte": latest}).order_by(self.day, "pk")

    def unplanned(self, rows: QuerySet[Any], rule_pk: int, occurrence: int) -> QuerySet[Any]:
        """Thousands of late seats cost nothing once they are planned."""
        return self.without_row(rows, rule_pk, occurrence, "due_version")

    def gone(self, row: Any) -> str:
        round = row.round
        checks = (
            (row.state not in OPEN, f"the review is {row.get_state_display()}"),
            (row.is_waiting_alternate, "an alternate who stands by owes nothing"),
            (not round.is_open, "the round is closed"),
            (round.article.state != ArticleState.UNDER_REVIEW, "the article isn't under review"),
        )
        return next((reason for fails, reason in checks if fails), "")

    def owed(self, row: Any, shared: Any, now: datetime) -> Owed:
        article = row.round.article
        return Owed(
            target=row.subject,
            version=str(row.due_version),
            due=getattr(row, self.day),
            zone=row.time_zone,
            title=article.title,
            path=decisions.article_path(article),
            own_path=row.get_absolute_url(),
            article=article,
            assignment=row,
            members=(row.member.user,),
            who=row.member.user.shown_name,
            since=row.assigned_at,
            away=tuple((absence.first_day, absence.last_day) for absence in row.member.absences.all()),
        )


class ResponseDue(ReviewDue):
    trigger = ReminderRule.Trigger.RESPONSE_DUE
    day = "respond_on"

    def due_by(self, latest: date) -> QuerySet[Any]:
        return super().due_by(latest).filter(state=AssignmentState.INVITED).order_by("respond_on", "pk")

    def gone(self, row: Any) -> str:
        answered = "they have answered" if row.state == AssignmentState.ACCEPTED else ""
        return answered or super().gone(row)
