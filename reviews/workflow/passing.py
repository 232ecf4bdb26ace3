"""A seat that ends: who takes it over, who is told, and what the records then demand."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article
from editorial import clock
from editorial.models import Absence, AuditEvent, BoardMember, Credential, User
from editorial.verbs import record, verb
from reviews import decisions, matching, quorum
from reviews.matching import Match
from reviews.models import ReviewAssignment, ReviewRound
from reviews.states import APPROVING, OPEN, SEATED, SeatKind
from reviews.workflow.seating import due_day, fresh, invite, seat, start_clocks, tell_editors, tell_member

NEWS = {
    "decline": gettext_lazy("%(who)s can't review “%(title)s”."),
    "recuse": gettext_lazy("%(who)s recused from “%(title)s”."),
    "release": gettext_lazy("The seat of %(who)s on “%(title)s” was released."),
    "expire": gettext_lazy("The seat of %(who)s on “%(title)s” expired."),
}
"""What the editor is told, by the way in which a seat ended."""

TO_THE_MEMBER = {
    "release": gettext_lazy("Your review of “%(title)s” isn't needed any more: the seat was released. Thank you."),
    "expire": gettext_lazy("Your seat on “%(title)s” has expired, and nothing is asked of you any more."),
}


@dataclass(frozen=True)
class Successor:
    """Who takes a seat over; ``waiting``: the seat that they hold as an alternate already."""

    match: Match
    waiting: ReviewAssignment | None


def vacate(assignment: ReviewAssignment, how: str, *, reason: str, actor: User, now: datetime) -> ReviewAssignment:
    """End an open seat by ``how`` (decline, recuse, release, expire), let the next alternate move up, and settle.

    Whoever has signed keeps their seat, and one that has ended stays as it is. The words of a recusal or a refusal
    stay out of the record, since they are about the person; the editors read them beside the seat.
    """
    return _vacate(assignment.round.article, actor=actor, now=now, assignment=assignment, how=how, reason=reason)


@verb
def _vacate(
    article: Article, *, actor: User, now: datetime, assignment: ReviewAssignment, how: str, reason: str
) -> ReviewAssignment:
    assignment = fresh(assignment, article)
    if not assignment.is_open:
        return assignment
    asked = not assignment.is_waiting_alternate
    _end(assignment, how, reason=reason, actor=actor, now=now)
    if assignment.round.is_open and asked:
        if how in TO_THE_MEMBER:
            tell_member(assignment, TO_THE_MEMBER[how] % {"title": article.title}, now=now)
        successor = _successor(assignment, now=now) if assignment.seat == SeatKind.REQUIRED else None
        if successor:
            _take_over(assignment, successor, event="assignment.promoted", now=now)
        _tell(assignment, how, successor, actor=actor, now=now)
        decisions.settle(article, assignment.round, now=now)
    return assignment


@verb
def cover(article: Article, *, actor: User, now: datetime, assignment: ReviewAssignment) -> ReviewAssignment:
    """Pass the seat of somebody who is away on its due day to the cover they named, else to an alternate.

    Does nothing for anybody else. When nobody can take over, the seat stays and the editor is told once.
    Whoever has begun to write keeps the seat until they leave.
    """
    assignment = fresh(assignment, article)
    absence = _absence(assignment)
    if absence is None or not assignment.is_open or assignment.is_waiting_alternate:
        return assignment
    if hasattr(assignment, "draft") and clock.day_in(assignment.member.user.zone, now) < absence.first_day:
        return assignment
    successor = _successor(assignment, now=now, cover=absence.cover)
    if successor is None or (assignment.seat != SeatKind.REQUIRED and successor.match.member != absence.cover):
        _nobody_covers(assignment, now=now)
        return assignment
    reason = f"absent on the due day ({clock.shown(assignment.review_on)})"
    _end(assignment, "release", reason=reason, actor=actor, now=now)
    tell_member(assignment, _("You are away: your seat on “%(title)s” passes on.") % {"title": article.title}, now=now)
    by_cover = successor.match.member == absence.cover
    event = "assignment.covered" if by_cover else "assignment.promoted"
    _take_over(assignment, successor, event=event, now=now)
    _tell(assignment, "release", successor, actor=actor, now=now)
    return assignment


def cover_absences(member: BoardMember, now: datetime) -> None:
    """Look at each seat of a member whose absences changed."""
    for assignment in ReviewAssignment.objects.owed().filter(member=member).select_related("round__article"):
        cover(assignment.round.article, actor=User.system(), now=now, assignment=assignment)


def _end(assignment: ReviewAssignment, how: str, *, reason: str, actor: User, now: datetime) -> None:
    {
        "decline": assignment._decline,
        "recuse": assignment._recuse,
        "release": assignment._release,
        "expire": assignment._expire,
    }[how]()
    assignment.ended_at, assignment.reason = now, reason
    assignment.save(update_fields=["state", "ended_at", "reason"])
    said = {} if how in ("recuse", "decline") else {"reason": reason}
    record(f"assignment.{how}d", assignment.subject, actor=actor, **said)


def _successor(lost: ReviewAssignment, *, now: datetime, cover: BoardMember | None = None) -> Successor | None:
    """Who keeps the round satisfiable, the named cover before alternates, these by specialty and rank."""
    round = lost.round
    held = ReviewAssignment.objects.filter(round=round, state__in=sorted(SEATED)).exclude(pk=lost.pk)
    seats = {row.member_id: row for row in held.select_related("member__user")}
    waiting = {member: row for member, row in seats.items() if row.is_waiting_alternate}
    asked = [*waiting, *([cover.pk] if cover and cover.pk not in seats else [])]
    if not asked:
        return None
    due = due_day(now.date(), round.rule["review_days"])
    found = matching.matches(round.article, rule=round.rule, due=due, now=now, members=asked)
    rule, others = quorum.Rule.from_snapshot(round.rule), _bring(round, today=now.date(), without=lost)
    specialty = lost.specialty.slug if lost.specialty else ""

    def key(match: Match) -> tuple[int, bool, bool, int, int]:
        row, brings = waiting.get(match.member.pk), match.candidate.credentials
        lacking = len(quorum.can_satisfy(rule, [*others, brings]))
        named = cover is not None and match.member.pk == cover.pk
        return (lacking, not named, specialty not in brings, row.rank if row else 0, row.pk if row else 0)

    best = min((match for match in found if match.eligible), key=key, default=None)
    return Successor(best, waiting.get(best.member.pk)) if best else None


def _bring(round: ReviewRound, *, today: date, without: ReviewAssignment) -> list[frozenset[str]]:
    """The specialties of each one on the panel who may still approve: those at signing, else those of today."""
    seats = ReviewAssignment.objects.filter(round=round, state__in=sorted(SEATED)).exclude(seat=SeatKind.ALTERNATE)
    expected = set(seats.filter(state__in=sorted(OPEN)).exclude(pk=without.pk).values_list("member_id", flat=True))
    held: dict[int, set[str]] = {member: set() for member in expected}
    valid = Credential.objects.filter(Credential.valid(today), member__in=expected)
    for member, slug in valid.values_list("member_id", "specialty__slug"):
        held[member].add(slug)
    latest = quorum.latest_reviews(decisions.signed_reviews(round), digest=round.digest)
    signed = [review.specialties for review in latest if review.verdict in APPROVING]
    return [*(frozenset(specialties) for specialties in held.values()), *signed]


def _take_over(lost: ReviewAssignment, successor: Successor, *, event: str, now: datetime) -> None:
    """The alternate moves up, or the cover gets a seat: both due days run from today."""
    article, row = lost.round.article, successor.waiting
    if row is None:
        made = seat(
            article, lost.round, successor.match.member, by=User.system(), now=now, kind=lost.seat, replaces=lost
        )
        record(event, made.subject, actor=User.system(), replaces=lost.subject, review_on=made.review_on)
        return
    row.round = lost.round
    row.seat, row.replaces, row.due_version = lost.seat, lost, row.due_version + 1
    start_clocks(row, article, now=now)
    row.save()
    record(
        event,
        row.subject,
        actor=User.system(),
        replaces=lost.subject,
        review_on=row.review_on,
        due_version=row.due_version,
    )
    invite(row, now=now)


def _tell(assignment: ReviewAssignment, how: str, successor: Successor | None, *, actor: User, now: datetime) -> None:
    """What happened, and who follows. Editors who did it themselves are told only when nobody does."""
    article = assignment.round.article
    required = assignment.seat == SeatKind.REQUIRED
    if actor.pk == article.handling_editor_id and (successor or not required):
        return
    text = NEWS[how] % {"who": assignment.member.user.shown_name, "title": article.title}
    if successor:
        text += " " + _("%(next)s takes the seat over.") % {"next": successor.match.member.user.shown_name}
    elif required:
        text += " " + _("No alternate can take the seat over: add a member to the panel.")
    tell_editors(article, text, now=now)


def _absence(assignment: ReviewAssignment) -> Absence | None:
    """The absence that covers the due day; one with a named cover first."""
    day = assignment.review_on
    rows = assignment.member.absences.filter(first_day__lte=day, last_day__gte=day).select_related("cover__user")
    return min(rows, key=lambda absence: absence.cover is None, default=None)


def _nobody_covers(assignment: ReviewAssignment, *, now: datetime) -> None:
    """Told once for each due day: the clock asks every hour."""
    events = AuditEvent.objects.filter(subject=assignment.subject, kind="assignment.uncovered")
    moved = AuditEvent.objects.filter(subject=assignment.subject, kind="assignment.extended").order_by("-sequence")
    since = moved.values_list("sequence", flat=True).first() or 0
    if events.filter(sequence__gt=since).exists():
        return
    record("assignment.uncovered", assignment.subject, actor=User.system(), review_on=assignment.review_on)
    names = {"who": assignment.member.user.shown_name, "title": assignment.round.article.title}
    text = _("%(who)s is away when the review of “%(title)s” is due, and nobody can take over: add a member.") % names
    tell_editors(assignment.round.article, text, now=now)
