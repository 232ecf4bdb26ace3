"""Giving a seat out, and telling people about it. Called inside verbs, under the article's lock."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from articles.models import Article
from editorial import clock, outbox
from editorial.conditions import Refused
from editorial.models import BoardMember, ClosedPeriod, Specialty, User
from editorial.models.policy import Acceptance
from editorial.once import once
from editorial.verbs import record
from reviews import blindness, deadlines, decisions
from reviews.models import ReviewAssignment, ReviewRound
from reviews.states import AssignmentState, SeatKind


def due_day(start: date, days: int) -> date:
    """``days`` after ``start``, closed periods left out."""
    return deadlines.due_day(start, days, closed=closed_periods(start))


@once
def closed_periods(since: date) -> list[tuple[date, date]]:
    """First and last days of the closed periods that end on ``since`` or later."""
    return list(ClosedPeriod.objects.filter(last_day__gte=since).values_list("first_day", "last_day"))


def fresh(assignment: ReviewAssignment, article: Article) -> ReviewAssignment:
    """The assignment as it stands under the article's lock."""
    rows = ReviewAssignment.objects.select_related("round", "member__user", "specialty", "declaration", "draft")
    row = rows.get(pk=assignment.pk)
    if row.round.article_id != article.pk:
        raise Refused(_("This seat belongs to another article."))
    row.round.article = article
    return row


def seat(
    article: Article,
    round: ReviewRound,
    member: BoardMember,
    *,
    by: User,
    now: datetime,
    kind: str = SeatKind.REQUIRED,
    rank: int = 0,
    replaces: ReviewAssignment | None = None,
) -> ReviewAssignment:
    """Give a seat out and ask its member. A waiting alternate gets no mail and owes nothing.

    The member's row is locked after the article's: whoever leaves the board at this instant isn't seated.
    """
    standing = BoardMember.objects.select_for_update(of=("self",)).select_related("user").get(pk=member.pk)
    if not standing.is_serving(now.date()):
        raise Refused(_("%(who)s isn't on the board any more. Look again.") % {"who": standing.user.shown_name})
    assignment = ReviewAssignment(
        round=round, member=member, seat=kind, rank=rank, assigned_at=now, assigned_by=by, replaces=replaces
    )
    start_clocks(assignment, article, now=now)
    assignment.save()
    record(
        "assignment.made",
        assignment.subject,
        member=str(member.user.uuid),
        seat=str(kind),
        rank=rank,
        review_on=assignment.review_on,
    )
    if not assignment.is_waiting_alternate:
        invite(assignment, now=now)
    return assignment


def start_clocks(assignment: ReviewAssignment, article: Article, *, now: datetime) -> None:
    """Both due days run from today in the member's zone. A standing board has accepted with the invitation."""
    member, rule = assignment.member, assignment.round.rule
    today = clock.day_in(member.user.zone, now)
    assignment.specialty = _sits_for(member, article, today)
    assignment.respond_on = due_day(today, rule["respond_days"])
    assignment.review_on = due_day(today, rule["review_days"])
    assignment.time_zone = member.user.time_zone
    asked = assignment.state == AssignmentState.INVITED and assignment.seat != SeatKind.ALTERNATE
    if asked and rule.get("acceptance", Acceptance.STANDING) == Acceptance.STANDING:
        assignment._accept()


def invite(assignment: ReviewAssignment, *, now: datetime) -> None:
    days = {
        "title": assignment.round.article.title,
        "day": clock.shown(assignment.review_on),
        "answer": clock.shown(assignment.respond_on),
    }
    if assignment.state == AssignmentState.INVITED:
        text = _("Please say by %(answer)s whether you can review “%(title)s”. The review is due on %(day)s.") % days
    else:
        text = _("Please review “%(title)s” by %(day)s.") % days
    outbox.write(
        "invitation",
        assignment.member.user,
        now=now,
        text=text,
        path=assignment.get_absolute_url(),
        assignment=assignment.pk,
        note=assignment.round.note,
    )


def tell_editor(article: Article, sentence: str, *, who: User, now: datetime) -> None:
    """``sentence`` may name %(who)s and %(title)s."""
    tell_editors(article, sentence % {"who": who.shown_name, "title": article.title}, now=now)


def tell_editors(article: Article, text: str, *, now: datetime) -> None:
    """Whoever edits it, and doesn't judge it."""
    for user in blindness.addressed(article, now=now):
        outbox.write("news", user, now=now, text=text, path=decisions.article_path(article))


def tell_member(assignment: ReviewAssignment, text: str, *, now: datetime) -> None:
    outbox.write("news", assignment.member.user, now=now, text=text, path="/admin/")


def _sits_for(member: BoardMember, article: Article, today: date) -> Specialty | None:
    """The article's specialty where the member is qualified in it, else their own."""
    held = [credential.specialty for credential in member.valid_credentials(today)]
    return article.specialty if article.specialty in held else next(iter(held), None)
