"""The life of a seat: given out, given back, released."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from articles.models import Article
from editorial import clock, outbox
from editorial.conditions import Refused
from editorial.models import BoardMember, ClosedPeriod, Specialty, User
from editorial.verbs import record, verb
from reviews import conditions, deadlines, decisions
from reviews.models import ReviewAssignment, ReviewRound
from reviews.states import SeatKind


@verb
def step_aside(
    article: Article, *, actor: User, now: datetime, assignment: ReviewAssignment, reason: str
) -> ReviewAssignment:
    """“Not this one”: the member gives the seat back without a conflict."""
    assignment = fresh(assignment, article)
    conditions.may_answer(assignment, actor).enforce()
    if not assignment.is_open:
        raise Refused(_("You have signed already; sign again if you changed your mind."))
    _end(assignment, "decline", reason=reason, now=now)
    tell_editor(article, _("%(who)s can't review “%(title)s”: the seat is free."), who=actor, now=now)
    decisions.settle(article, assignment.round, actor=User.system(), now=now)
    return assignment


@verb
def release(
    article: Article, *, actor: User, now: datetime, assignment: ReviewAssignment, reason: str
) -> ReviewAssignment:
    """An editor frees a seat whose member won't review any more."""
    assignment = fresh(assignment, article)
    conditions.may_release(assignment, actor).enforce()
    _end(assignment, "release", reason=reason, now=now)
    decisions.settle(article, assignment.round, actor=User.system(), now=now)
    return assignment


def due_day(start: date, days: int) -> date:
    """``days`` after ``start``, closed periods left out."""
    closed = ClosedPeriod.objects.filter(last_day__gte=start).values_list("first_day", "last_day")
    return deadlines.due_day(start, days, closed=closed)


def seat(article: Article, round: ReviewRound, member: BoardMember, *, actor: User, now: datetime) -> None:
    today = clock.day_in(member.user.zone, now)
    assignment = ReviewAssignment(
        round=round,
        member=member,
        seat=SeatKind.REQUIRED,
        specialty=_sits_for(member, article, today),
        respond_on=due_day(today, round.rule["respond_days"]),
        review_on=due_day(today, round.rule["review_days"]),
        time_zone=member.user.time_zone,
        assigned_at=now,
        assigned_by=actor,
    )
    assignment._accept()  # acceptance is standing: the member may still step aside
    assignment.save()
    record("assignment.made", assignment.subject, member=str(member.user.uuid), review_on=assignment.review_on)
    outbox.write(
        "invitation",
        member.user,
        now=now,
        text=_("Please review “%(title)s” by %(day)s.")
        % {"title": article.title, "day": clock.shown(assignment.review_on)},
        path=assignment.get_absolute_url(),
        assignment=assignment.pk,
        note=round.note,
    )


def _sits_for(member: BoardMember, article: Article, today: date) -> Specialty | None:
    """The article's specialty where the member is qualified in it, else their own."""
    held = [credential.specialty for credential in member.valid_credentials(today)]
    return article.specialty if article.specialty in held else next(iter(held), None)


def fresh(assignment: ReviewAssignment, article: Article) -> ReviewAssignment:
    """The assignment as it stands under the article's lock."""
    row = ReviewAssignment.objects.select_related("round", "member__user", "declaration").get(pk=assignment.pk)
    if row.round.article_id != article.pk:
        raise Refused(_("This seat belongs to another article."))
    row.round.article = article
    return row


def _end(assignment: ReviewAssignment, how: str, *, reason: str, now: datetime) -> None:
    {"release": assignment._release, "decline": assignment._decline}[how]()
    assignment.ended_at, assignment.reason = now, reason
    assignment.save(update_fields=["state", "ended_at", "reason"])
    record(f"assignment.{how}d", assignment.subject, reason=reason)


def tell_editor(article: Article, sentence: str, *, who: User, now: datetime) -> None:
    if article.handling_editor:
        text = sentence % {"who": who.shown_name, "title": article.title}
        outbox.write("news", article.handling_editor, now=now, text=text, path=decisions.article_path(article))
