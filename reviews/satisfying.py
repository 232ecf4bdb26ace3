"""Finds the open rounds whose panels can't bring their approvals any more, and says so."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from articles.contributors import contributors_of
from articles.models import Article
from editorial import outbox
from editorial.models import BoardMember, Specialty, User
from editorial.verbs import record, verb
from reviews import blindness, decisions, eligibility, matching, prospects, quorum
from reviews.eligibility import Candidate, Subject
from reviews.models import Objection, Review, ReviewAssignment, ReviewRound
from reviews.states import APPROVING, SEATED, AssignmentState, SeatKind, VerdictKind

log = logging.getLogger(__name__)

BATCH = 50
"""Rounds that are judged with one set of queries."""

Serving = dict[int, tuple[BoardMember, Candidate]]


@dataclass(frozen=True)
class Records:
    """What a batch of rounds is judged by, by round or article."""

    seats: dict[int, list[ReviewAssignment]]
    reviews: dict[int, list[Review]]
    objectors: frozenset[tuple[int, int]]
    refused: dict[int, set[int]]
    contributors: dict[int, set[int]]
    members: Serving


def recheck(*, now: datetime, rounds: Iterable[int] | None = None) -> int:
    """Judge every open round, or those with these ids, and write down what changed. Returns how many changed.

    A round that can't be judged is logged and never stops the others.
    """
    open_rounds = ReviewRound.objects.filter(closed_at=None).order_by("pk")
    if rounds is None:
        ReviewRound.objects.exclude(closed_at=None).exclude(unsatisfiable="").update(unsatisfiable="")
    else:
        open_rounds = open_rounds.filter(pk__in=list(rounds))
    pks = list(open_rounds.values_list("pk", flat=True))
    changed, board = 0, Board(now.date())
    for start in range(0, len(pks), BATCH):
        rows = ReviewRound.objects.filter(pk__in=pks[start : start + BATCH])
        batch = list(rows.select_related("article").prefetch_related("article__topics"))
        changed += sum(_noted(round, board, now) for round in _differing(batch, board, now))
    return changed


def recheck_of_members(members: Iterable[int], *, now: datetime) -> int:
    touched = ReviewRound.objects.filter(closed_at=None).filter(
        Q(assignments__member__in=list(members)) | ~Q(unsatisfiable="")
    )
    return recheck(now=now, rounds=touched.values_list("pk", flat=True).distinct())


@verb
def note_prospect(article: Article, *, actor: User, now: datetime, board: "Board") -> bool:
    """Write down whether the article's open round can be satisfied. Tells its editor once, when it no longer can."""
    round = ReviewRound.objects.filter(article=article, closed_at=None).first()
    if round is None:
        return False
    round.article = article
    reason = judged([round], board, now=now)[0][1]
    before = round.unsatisfiable
    if reason == before:
        return False
    round.unsatisfiable = reason
    if bool(reason) != bool(before):
        round.unsatisfiable_since = now if reason else None
        kind = "round.unsatisfiable" if reason else "round.satisfiable_again"
        record(kind, round.subject, article=str(article.uuid), number=round.number)
    round.save(update_fields=["unsatisfiable", "unsatisfiable_since"])
    if reason and not before and article.handling_editor:
        text = _("“%(title)s” can't get its approvals any more: %(reason)s") % {
            "title": article.title,
            "reason": reason,
        }
        for person in blindness.addressed(article, now=now):
            outbox.write("news", person, now=now, text=text, path=decisions.article_path(article))
    return True


class Board:
    """Everyone who serves, read when somebody is needed, and once for all rounds of a run."""

    def __init__(self, today: date) -> None:
        self.today = today

    @cached_property
    def serving(self) -> Serving:
        rows = BoardMember.objects.filter(Q(left_on=None) | Q(left_on__gt=self.today), user__is_active=True)
        return _candidates(rows.values_list("pk", flat=True), self.today)

    @cached_property
    def specialties(self) -> dict[str, str]:
        return dict(Specialty.objects.values_list("slug", "name"))


def judged(rounds: Sequence[ReviewRound], board: Board, *, now: datetime) -> list[tuple[ReviewRound, str]]:
    """Each round with the reason why it can't be satisfied, or an empty text, at a query count of its own."""
    if not rounds:
        return []
    records = _records(rounds, today=now.date())
    return [(round, _reason(round, records, board)) for round in rounds]


def _differing(batch: Sequence[ReviewRound], board: Board, now: datetime) -> list[ReviewRound]:
    """The rounds to be noted afresh; all of them, each by itself, when one of them can't be judged."""
    try:
        return [round for round, reason in judged(batch, board, now=now) if reason != round.unsatisfiable]
    except Exception:
        log.exception("rounds are judged one by one, since a batch of %s couldn't be", len(batch))
        return list(batch)


def _noted(round: ReviewRound, board: Board, now: datetime) -> bool:
    try:
        return bool(note_prospect(round.article, actor=User.system(), now=now, board=board))
    except Exception:
        log.exception("round %s couldn't be judged", round.pk)
        return False


def _reason(round: ReviewRound, records: Records, board: Board) -> str:
    rule = quorum.Rule.from_snapshot(round.rule)
    subject = _subject(round, records)
    panel = _panel(round, records, subject)
    if prospects.prospect(rule, panel).satisfiable:
        return ""
    others = _others(round, records, subject, board)
    return prospects.prospect(rule, panel, others, names=board.specialties).reason()


def _panel(round: ReviewRound, records: Records, subject: Subject) -> prospects.Panel:
    """Whoever objects may still take it back and approve; whoever abstained or asked for changes isn't counted on."""
    latest = quorum.latest_reviews([decisions.signed(r) for r in records.reviews[round.pk]], digest=round.digest)
    approved = tuple(review.specialties for review in latest if review.verdict in APPROVING)
    spoken = {r.member for r in latest if r.verdict != VerdictKind.SAFETY_OBJECTION}
    able, barred = [], []
    for seat in records.seats[round.pk]:
        objects = (round.article_id, seat.member_id) in records.objectors
        if seat.member_id in spoken or not (seat.is_open or objects):
            continue
        member, candidate = records.members[seat.member_id]
        against = eligibility.standing_reasons(candidate, subject)
        if against:
            required = seat.is_open and seat.seat == SeatKind.REQUIRED
            barred.append(prospects.Barred(member.user.shown_name, against, required))
        else:
            able.append(prospects.Person(member.pk, member.user.shown_name, candidate.credentials))
    return prospects.Panel(approved, tuple(able), tuple(barred))


def _others(round: ReviewRound, records: Records, subject: Subject, board: Board) -> list[prospects.Person]:
    """Eligible members of the board who hold no seat in the round: whoever lost one in it comes last, those in its
    specialties with little to do come first.
    """
    due = board.today + timedelta(days=round.rule["review_days"])
    asked = {seat.member_id for seat in records.seats[round.pk]}
    seated = {seat.member_id for seat in records.seats[round.pk] if seat.state in SEATED}
    refused = records.refused[round.article_id]
    limit, wanted = round.rule["load_limit"], set(round.rule["specialties"])
    found = []
    for pk, (member, candidate) in board.serving.items():
        own = candidate.load_limit if member.load_limit is not None else limit
        seen = replace(candidate, recused_before=pk in refused, load_limit=own)
        if pk not in seated and not eligibility.reasons_against(seen, subject, due=due):
            found.append((pk in asked, not candidate.credentials & wanted, candidate.load, pk))
    ranked = [board.serving[pk] for _asked, _away, _load, pk in sorted(found)]
    return [prospects.Person(member.pk, member.user.shown_name, seen.credentials) for member, seen in ranked]


def _subject(round: ReviewRound, records: Records) -> Subject:
    article = round.article
    gave = {seat.assigned_by_id for seat in records.seats[round.pk]}
    deciders = {round.opened_by_id, *gave} | ({article.handling_editor_id} if article.handling_editor_id else set())
    return Subject(frozenset(records.contributors[article.pk]), matching.names_of(article), frozenset(deciders))


def _records(rounds: Sequence[ReviewRound], *, today: date) -> Records:
    articles = [round.article for round in rounds]
    seats: dict[int, list[ReviewAssignment]] = defaultdict(list)
    for seat in ReviewAssignment.objects.filter(round__in=rounds).order_by("rank", "pk"):
        seats[seat.round_id].append(seat)
    reviews: dict[int, list[Review]] = defaultdict(list)
    signed = Review.objects.filter(round__in=rounds)
    for review in signed.select_related("signature__voided", "carried_from__signature__voided"):
        reviews[review.round_id].append(review)
    refused: dict[int, set[int]] = defaultdict(set)
    ended = [AssignmentState.RECUSED, AssignmentState.DECLINED]
    gone = ReviewAssignment.objects.filter(round__article__in=articles, state__in=ended)
    for article, member in gone.values_list("round__article", "member"):
        refused[article].add(member)
    objectors = Objection.objects.filter(article__in=articles).still_open().values_list("article", "member")
    sitting = {seat.member_id for held in seats.values() for seat in held if seat.state in SEATED}
    return Records(
        seats=seats,
        reviews=reviews,
        objectors=frozenset(objectors),
        refused=refused,
        contributors=contributors_of(articles),
        members=_candidates(sitting, today),
    )


def _candidates(members: "Iterable[int] | QuerySet[BoardMember]", today: date) -> Serving:
    rows = matching._candidates(list(members), article=None, today=today, load_limit=1)
    return {member.pk: (member, candidate) for member, candidate, _asked in rows}
