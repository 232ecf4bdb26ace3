from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django_fsm import ConcurrentTransitionMixin, FSMField, transition

from editorial import clock
from editorial.models import User
from reviews.deadlines import due_instant
from reviews.states import EDGES, OPEN, SEATED, AssignmentState, SeatKind

WESTERNMOST, EASTERNMOST = timedelta(hours=12), timedelta(hours=14)
"""How far the calendars of inhabited and of uninhabited places stand from UTC's."""


def _edges(name: str) -> dict[str, object]:
    sources, target = EDGES[name]
    return {"source": sorted(sources), "target": target}


class AssignmentQuerySet(models.QuerySet["ReviewAssignment"]):
    def owed(self) -> "AssignmentQuerySet":
        """Seats from which a review is still expected. An alternate owes nothing until promoted."""
        return self.filter(state__in=sorted(OPEN), round__closed_at=None).exclude(seat=SeatKind.ALTERNATE)

    def late(self, now: datetime) -> "AssignmentQuerySet":
        """Open seats whose due day has ended where their member lives. See ``ended``."""
        return self.filter(ended(now), state__in=sorted(OPEN))

    def at_work(self) -> "AssignmentQuerySet":
        """Seats that somebody holds on a panel whose round is open."""
        return self.filter(state__in=sorted(SEATED), round__closed_at=None)

    def readable_by(self, user: User) -> "AssignmentQuerySet":
        """Seats whose page their member may open: not what they gave back, nor what was taken while the round runs,
        nor where they only stand by.
        """
        standing_by = Q(seat=SeatKind.ALTERNATE, state__in=sorted(OPEN))
        taken = Q(round__closed_at=None, state__in=[AssignmentState.RELEASED, AssignmentState.EXPIRED])
        given_back = Q(state__in=[AssignmentState.RECUSED, AssignmentState.DECLINED])
        return self.filter(member__user=user).exclude(standing_by).exclude(taken).exclude(given_back)

    def held_by(self, user: User) -> "AssignmentQuerySet":
        """Seats of this person on panels that are at work: of those articles they are no editor."""
        return self.at_work().filter(member__user=user)


def ended(now: datetime, zones: Iterable[str] | None = None) -> Q:
    """That a seat's due day is over where its member lives.

    Asks once which zones matter around now, unless it is told of the ``zones`` that there are. Of the zones that have
    come to a day and those that haven't, the fewer are named: the database reads hundreds of names at each look.
    """
    everywhere = (now - WESTERNMOST).date()
    days = {zone: clock.day_in(ZoneInfo(zone), now) for zone in (_near(now) if zones is None else zones)}
    found = Q(review_on__lt=everywhere)
    for day in sorted(set(days.values())):
        if day > everywhere:
            come = sorted(zone for zone, there in days.items() if there >= day)
            yet_to_come = sorted(days.keys() - set(come))
            fewer_come = zones is None or len(come) <= len(yet_to_come)
            within = Q(time_zone__in=come) if fewer_come else ~Q(time_zone__in=yet_to_come)
            found |= within & Q(review_on__lt=day)
    return found


def _near(now: datetime) -> "models.QuerySet[ReviewAssignment, str]":
    """Zones in which a review that is still owed falls due about now."""
    dates = ((now - WESTERNMOST).date(), (now + EASTERNMOST).date())
    near = ReviewAssignment.objects.filter(state__in=sorted(OPEN), review_on__range=dates)
    return near.order_by().values_list("time_zone", flat=True).distinct()


class ReviewAssignment(ConcurrentTransitionMixin, models.Model):
    """A seat on a round's panel and the member who holds it. Days are days in the member's time zone."""

    round = models.ForeignKey("reviews.ReviewRound", on_delete=models.PROTECT, related_name="assignments")
    member = models.ForeignKey("editorial.BoardMember", on_delete=models.PROTECT, related_name="assignments")
    state = FSMField(
        choices=[(s.value, s.value) for s in AssignmentState], default=AssignmentState.INVITED, protected=True
    )
    seat = models.CharField(max_length=10, choices=[(s.value, s.value) for s in SeatKind], default=SeatKind.REQUIRED)
    rank = models.PositiveSmallIntegerField(default=0, help_text="Order among alternates.")
    specialty = models.ForeignKey(
        "editorial.Specialty", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    respond_on = models.DateField()
    review_on = models.DateField()
    time_zone = models.CharField(max_length=64)
    due_version = models.PositiveIntegerField(default=1)
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey("editorial.User", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True, help_text="When the member first opened the text.")
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, help_text="Why it was declined, recused, released or expired.")
    replaces = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
        help_text="The seat that ended and whose place this member took.",
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["round", "rank", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "member"], name="one_seat_a_member", condition=Q(state__in=sorted(SEATED))
            )
        ]
        indexes = [
            models.Index(fields=["review_on"], name="assignments_owed", condition=Q(state__in=sorted(OPEN))),
            models.Index(fields=["member", "state"], name="assignments_of_member"),
            models.Index(fields=["ended_at"], name="assignments_by_end"),
            models.Index(fields=["review_on"], name="assignments_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.member} on {self.round}"

    def get_absolute_url(self) -> str:
        return reverse("admin:review", args=[self.pk])

    @property
    def subject(self) -> str:
        return f"assignment:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_waiting_alternate(self) -> bool:
        """Stands ready for when somebody drops out; nothing is asked of them yet."""
        return self.is_open and self.seat == SeatKind.ALTERNATE

    @property
    def asked_by(self) -> date:
        """The day on which something is due of the member next: the answer while there is none, else the review."""
        return self.respond_on if self.state == AssignmentState.INVITED else self.review_on

    def days_late(self, now: datetime) -> int:
        """Since that day, by the calendar of the seat's own zone; negative before it."""
        return (clock.day_in(ZoneInfo(self.time_zone), now) - self.asked_by).days

    def due_at(self) -> datetime:
        return due_instant(self.review_on, tz=ZoneInfo(self.time_zone))

    def is_overdue(self, now: datetime) -> bool:
        """From the first instant after the due day, in the member's zone; never on the day itself."""
        return self.is_open and now > self.due_at()

    @transition(field=state, **_edges("accept"))
    def _accept(self) -> None:
        """Called by reviews.workflow alone, like every transition here."""

    @transition(field=state, **_edges("decline"))
    def _decline(self) -> None: ...

    @transition(field=state, **_edges("complete"))
    def _complete(self) -> None: ...

    @transition(field=state, **_edges("reopen"))
    def _reopen(self) -> None: ...

    @transition(field=state, **_edges("recuse"))
    def _recuse(self) -> None: ...

    @transition(field=state, **_edges("expire"))
    def _expire(self) -> None: ...

    @transition(field=state, **_edges("release"))
    def _release(self) -> None: ...


class ConflictDeclaration(models.Model):
    """A member's answer, before signing, to whether they have a competing interest. “None” is an answer."""

    assignment = models.OneToOneField(ReviewAssignment, on_delete=models.PROTECT, related_name="declaration")
    has_conflict = models.BooleanField()
    details = models.ForeignKey(
        "editorial.PersonalText", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    disclosure = models.TextField(blank=True, help_text="Shown to readers beside the name.")
    declared_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.assignment}: {'conflict' if self.has_conflict else 'none'}"
