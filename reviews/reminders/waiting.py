"""What waits for an editor: triage, a panel, a decision, a panel that can decide, an answer to an objection."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.urls import reverse

from articles.models import Article
from articles.states import ArticleState
from editorial.models import ClosedPeriod, Credential
from reviews import deadlines, decisions
from reviews.models import Objection, ReminderRule, ReviewAssignment, ReviewRound, WaitingRound
from reviews.reminders.owed import Duty, Owed, house_day, house_zone
from reviews.states import SeatKind

WORKING_DAYS = 2
"""How long a decision may wait after the last signature before anybody is reminded of it."""


def _ends(latest: date) -> datetime:
    """An instant after ``latest`` has ended everywhere."""
    return datetime.combine(latest + timedelta(days=2), time.min, tzinfo=UTC)


def about(article: Article, *, target: str, since: datetime, due: date | None = None, **values: Any) -> Owed:
    """An obligation of the editors since ``since``, by the publisher's calendar."""
    values = {"version": since.astimezone(UTC).isoformat(), **values}
    path = decisions.article_path(article)
    due = due or house_day(since)
    return Owed(target=target, due=due, zone=house_zone(), title=article.title, path=path, article=article, **values)


class NotTriaged(Duty):
    trigger = ReminderRule.Trigger.NOT_TRIAGED
    kind = "article"

    def rows(self) -> QuerySet[Any]:
        return Article.objects.select_related("handling_editor")

    def due_by(self, latest: date) -> QuerySet[Any]:
        rows = self.rows().filter(state=ArticleState.SUBMITTED, triaged_at=None, abandoned_at=None)
        return rows.filter(submitted_at__lt=_ends(latest)).order_by("submitted_at", "pk")

    def gone(self, row: Any) -> str:
        if row.abandoned_at or row.state != ArticleState.SUBMITTED:
            return "the article no longer waits for triage"
        return "it was triaged" if row.triaged_at else ""

    def owed(self, row: Any, shared: Any, now: datetime) -> Owed:
        return about(row, target=self.target(row), since=row.submitted_at)


class NoPanel(NotTriaged):
    trigger = ReminderRule.Trigger.NO_PANEL

    def rows(self) -> QuerySet[Any]:
        waits = WaitingRound.objects.standing().filter(article=OuterRef("pk"), problem="").order_by()
        return super().rows().annotate(waits_for_its_week=Exists(waits))

    def due_by(self, latest: date) -> QuerySet[Any]:
        rows = self.rows().filter(state=ArticleState.SUBMITTED, abandoned_at=None, waits_for_its_week=False)
        return rows.filter(triaged_at__lt=_ends(latest)).order_by("triaged_at", "pk")

    def gone(self, row: Any) -> str:
        if row.abandoned_at or row.state != ArticleState.SUBMITTED:
            return "the article no longer waits for a panel"
        if row.waits_for_its_week:
            return "the clock opens its round in its week"
        return "" if row.triaged_at else "it has to be triaged again first"

    def owed(self, row: Any, shared: Any, now: datetime) -> Owed:
        return about(row, target=self.target(row), since=row.triaged_at)


class Unsatisfiable(Duty):
    trigger = ReminderRule.Trigger.UNSATISFIABLE
    kind = "round"

    def rows(self) -> QuerySet[Any]:
        return ReviewRound.objects.select_related("article__handling_editor")

    def due_by(self, latest: date) -> QuerySet[Any]:
        rows = self.rows().filter(closed_at=None, article__state=ArticleState.UNDER_REVIEW).exclude(unsatisfiable="")
        return rows.filter(unsatisfiable_since__lt=_ends(latest)).order_by("unsatisfiable_since", "pk")

    def gone(self, row: Any) -> str:
        checks = (
            (not row.is_open, "the round is closed"),
            (row.article.state != ArticleState.UNDER_REVIEW, "the article isn't under review"),
            (not row.unsatisfiable or row.unsatisfiable_since is None, "the round can be satisfied again"),
        )
        return next((reason for fails, reason in checks if fails), "")

    def owed(self, row: Any, shared: Any, now: datetime) -> Owed:
        return about(row.article, target=self.target(row), since=row.unsatisfiable_since, detail=row.unsatisfiable)


class DecisionDue(Duty):
    """Every required seat has spoken, and the round waits for an editor."""

    trigger = ReminderRule.Trigger.DECISION_DUE
    kind = "round"

    def rows(self) -> QuerySet[Any]:
        owing = ReviewAssignment.objects.owed().filter(round=OuterRef("pk"), seat=SeatKind.REQUIRED)
        objected = Objection.objects.still_open().filter(article=OuterRef("article"))
        return ReviewRound.objects.select_related("article__handling_editor").annotate(
            spoken_at=Max("reviews__signed_at"), owing=Exists(owing), objected=Exists(objected)
        )

    def due_by(self, latest: date) -> QuerySet[Any]:
        rows = self.rows().filter(closed_at=None, article__state=ArticleState.UNDER_REVIEW, owing=False)
        return rows.filter(objected=False, spoken_at__lt=_ends(latest)).order_by("spoken_at", "pk")

    def gone(self, row: Any) -> str:
        checks = (
            (not row.is_open, "the round is closed"),
            (row.article.state != ArticleState.UNDER_REVIEW, "the article isn't under review"),
            (row.owing or row.spoken_at is None, "a review is owed again"),
            (row.objected, "a safety objection is open"),
        )
        return next((reason for fails, reason in checks if fails), "")

    def shared(self, rows: Sequence[Any], now: datetime) -> list[tuple[date, date]]:
        days = [house_day(row.spoken_at) for row in rows if row.spoken_at]
        ended = ClosedPeriod.objects.filter(last_day__gte=min(days, default=now.date()))
        return list(ended.values_list("first_day", "last_day"))

    def owed(self, row: Any, shared: Any, now: datetime) -> Owed:
        since = max(row.spoken_at, row.opened_at)  # a carried signature is older than the round that it counts in
        due = deadlines.working_day(house_day(since), WORKING_DAYS, closed=shared)
        return about(row.article, target=self.target(row), since=since, due=due)


class ObjectionOpen(Duty):
    trigger = ReminderRule.Trigger.OBJECTION_OPEN
    kind = "objection"
    urgent = True

    def rows(self) -> QuerySet[Any]:
        related = ("article__handling_editor", "member__user", "specialty", "review")
        return Objection.objects.select_related(*related).prefetch_related("steps")

    def due_by(self, latest: date) -> QuerySet[Any]:
        still = Objection.objects.still_open().values("pk")
        rows = self.rows().filter(pk__in=still, article__abandoned_at=None)
        return rows.filter(raised_at__lt=_ends(latest)).order_by("raised_at", "pk")

    def gone(self, row: Any) -> str:
        if row.article.abandoned_at:
            return "the article was abandoned"
        return "" if row.is_open else "the objection has ended"

    def shared(self, rows: Sequence[Any], now: datetime) -> dict[int, tuple[Any, ...]]:
        """By objection, who may judge it: members in its specialty off the panels that it concerns."""
        valid = Credential.objects.filter(Credential.valid(now.date()), specialty__in={o.specialty_id for o in rows})
        serving = valid.filter(member__left_on=None, member__user__is_active=True).select_related("member__user")
        peers = defaultdict(dict)
        for credential in serving:
            peers[credential.specialty_id][credential.member_id] = credential.member.user
        panels = Q(round__article__in={o.article_id for o in rows}, round__closed_at=None)
        panels |= Q(round__in={o.review.round_id for o in rows})
        seats = set(ReviewAssignment.objects.filter(panels).values_list("round__article", "round", "member"))
        found = {}
        for objection in rows:
            barred = {m for article, _round, m in seats if article == objection.article_id} | {objection.member_id}
            judges = peers[objection.specialty_id].items()
            found[objection.pk] = tuple(user for member, user in judges if member not in barred)
        return found

    def owed(self, row: Any, shared: Any, now: datetime) -> Owed:
        """Once somebody has adjudicated it, it waits for a chief editor and for no member any more."""
        step = row.adjudication
        return about(
            row.article,
            target=self.target(row),
            since=step.at if step else row.raised_at,
            version="adjudicated" if step else "raised",
            members=() if step else shared[row.pk],
            own_path=reverse("admin:objection", args=[row.pk, "adjudicate"]),
            who=row.member.user.shown_name,
            detail="adjudicated" if step else "",
        )
