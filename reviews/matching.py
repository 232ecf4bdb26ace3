"""Ranks board members for an article, with the reasons for and against each."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, Exists, Max, OuterRef, Q, When
from django.utils.translation import gettext as _

from articles.contributors import contributors
from articles.models import Article
from editorial.models import BoardMember, Credential, Interest, User
from editorial.models.policy import ReviewRule
from editorial.roles import Role
from reviews import eligibility, proposal
from reviews.eligibility import Candidate, Subject
from reviews.models import ReviewAssignment
from reviews.quorum import Rule
from reviews.states import OPEN, AssignmentState, SeatKind


@dataclass(frozen=True)
class Match:
    """A member with the reasons. Eligible when nothing speaks against them."""

    member: BoardMember
    candidate: Candidate
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]

    @property
    def eligible(self) -> bool:
        return not self.reasons_against


@dataclass(frozen=True)
class Proposal:
    """The panel that one click takes over; ``lacking`` says why nobody could satisfy the policy."""

    required: tuple[Match, ...]
    alternates: tuple[Match, ...]
    lacking: tuple[str, ...]


def subject_of(article: Article) -> Subject:
    """The article's side of a conflict: its contributors, byline, topics, products and sponsors."""
    return Subject(
        frozenset(contributors(article)),
        names_of(article),
        deciders=_deciders(article),
        byline=tuple(article.byline.splitlines()),
    )


def names_of(article: Article) -> frozenset[str]:
    """Its topics, products and sponsors, as they are written."""
    topics = [topic.name for topic in article.topics.all()] if article.pk else []
    lines = [*article.products.splitlines(), *article.sponsors.splitlines(), *topics]
    return frozenset(line.strip() for line in lines if line.strip())


def interests_of(user: User, article: Article, *, today: date) -> tuple[str, ...]:
    """What a person, who is a board member beside something else, declared and the article is about, in words."""
    rows = Interest.objects.filter(member__user=user)
    counts = [row for row in rows if eligibility.interest_counts(row.since, row.until, today=today)]
    if not counts:
        return ()
    shared = eligibility.shared_names((name for row in counts for name in row.names()), names_of(article))
    persons = {row.person_id for row in counts if row.person_id} & contributors(article)
    return (*shared, *([_("one of its contributors")] if persons else []))


def _deciders(article: Article) -> frozenset[int]:
    """Who triaged the text that is before the board, whoever handles it or did since, and whoever opened the round that
    runs or gave out a seat in it. One query.
    """
    seats = ReviewAssignment.objects.filter(round__article=article, round__closed_at=None).order_by()
    triaged = Article.history.filter(id=article.pk, triaged_at=article.triaged_at).exclude(triaged_at=None).order_by()
    triager = Case(When(history_change_reason="triaged", then="history_user_id"))
    pairs = seats.values_list("assigned_by_id", "round__opened_by_id").union(
        triaged.annotate(triager=triager).values_list("triager", "handling_editor_id")
    )
    found = {user for pair in pairs for user in pair if user}
    return frozenset(found | ({article.handling_editor_id} if article.handling_editor_id else set()))


def candidate_of(member: BoardMember, *, article: Article | None, today: date, load_limit: int = 3) -> Candidate:
    """One member as the rules see them, read afresh."""
    rows = _candidates([member.pk], article=article, today=today, load_limit=load_limit)
    return next(candidate for _member, candidate, _asked in rows)


def matches(
    article: Article,
    *,
    rule: ReviewRule | Mapping[str, Any],
    due: date,
    now: datetime,
    members: Collection[int] | None = None,
) -> list[Match]:
    """Every serving member, eligible ones first and ranked; the others after them with what speaks against.

    ``rule`` is the policy's, or a round's snapshot of it. ``members``: these alone, by id.
    """
    today = now.date()
    subject = subject_of(article)
    specialty = article.specialty.slug if article.specialty else ""
    load_limit = rule.load_limit if isinstance(rule, ReviewRule) else rule["load_limit"]
    rows = _candidates(members, article=article, today=today, load_limit=load_limit)
    pairs = [(candidate, (now - asked).days if asked else None) for _member, candidate, asked in rows]
    found = []
    for index in eligibility.rank(pairs, specialty):
        candidate, days = pairs[index]
        against = eligibility.reasons_against(candidate, subject, due=due, start=today)
        speaks = eligibility.reasons_for(candidate, specialty, asked_days_ago=days)
        found.append(Match(rows[index][0], candidate, speaks, against))
    return sorted(found, key=lambda match: not match.eligible)


def propose(rule: Mapping[str, Any], found: Collection[Match], *, keep: Collection[int] = ()) -> Proposal:
    """The best panel that satisfies a rule's snapshot, with ranked alternates; nobody who isn't eligible.

    ``keep`` names members (by id) who come before everybody else, as those of the panel of the last round.
    """
    eligible = [match for match in found if match.eligible]
    kept = [index for index, match in enumerate(eligible) if match.member.pk in keep]
    choice = proposal.choose(Rule.from_snapshot(rule), [match.candidate.credentials for match in eligible], keep=kept)
    return Proposal(
        required=tuple(eligible[index] for index in choice.required),
        alternates=tuple(eligible[index] for index in choice.alternates),
        lacking=choice.lacking,
    )


def _candidates(
    pks: Collection[int] | None, *, article: Article | None, today: date, load_limit: int
) -> list[tuple[BoardMember, Candidate, datetime | None]]:
    """Members, as the rules see them, and when they were asked last. Five queries, however many they are."""
    on_board = User.groups.through.objects.filter(user=OuterRef("user"), group__name=Role.BOARD)
    chosen = (
        BoardMember.objects.filter(Q(left_on=None) | Q(left_on__gt=today), user__is_active=True)
        if pks is None
        else BoardMember.objects.filter(pk__in=pks)
    )
    rows = chosen.select_related("user").annotate(on_board=Exists(on_board))
    members = list(rows.prefetch_related("absences", "interests").order_by("pk"))
    valid, unverified = defaultdict(set), set()
    credentials = Credential.objects.filter(member__in=chosen.values("pk")).select_related("specialty")
    for credential in credentials:
        if not (credential.verified_on and credential.verified_by_id and credential.verified_on <= today):
            unverified.add(credential.member_id)
        elif credential.expires_on >= today:
            valid[credential.member_id].add(credential.specialty.slug)
    past = {row["member"]: row for row in _past(article).filter(member__in=chosen.values("pk"))}
    found = []
    for member in members:
        before = past.get(member.pk, _NOTHING)
        candidate = _candidate(member, valid[member.pk], member.pk in unverified, before, today, load_limit)
        found.append((member, candidate, before["asked"]))
    return found


_NOTHING: dict[str, Any] = {"load": 0, "recused": 0, "declined": 0, "asked": None}


def _past(article: Article | None) -> Any:
    """What each member owes and was asked before; a waiting alternate owes nothing. Refusals are remembered."""
    here = Q(round__article=article) if article else Q(pk=None)
    owed = Q(state__in=sorted(OPEN), round__closed_at=None) & ~Q(seat=SeatKind.ALTERNATE)
    return (
        ReviewAssignment.objects.order_by()
        .values("member")
        .annotate(
            load=Count("pk", filter=owed),
            recused=Count("pk", filter=here & Q(state=AssignmentState.RECUSED)),
            declined=Count("pk", filter=here & Q(state=AssignmentState.DECLINED)),
            asked=Max("assigned_at", filter=~Q(seat=SeatKind.ALTERNATE)),
        )
    )


def _candidate(
    member: BoardMember,
    credentials: set[str],
    unverified: bool,
    past: Mapping[str, Any],
    today: date,
    load_limit: int,
) -> Candidate:
    counts = [i for i in member.interests.all() if eligibility.interest_counts(i.since, i.until, today=today)]
    return Candidate(
        user=member.user_id,
        serves=member.is_serving(today) and member.on_board,
        credentials=frozenset(credentials),
        unverified=unverified,
        interests=frozenset(name for i in counts for name in (i.company, i.product) if name),
        people=frozenset(interest.person_id for interest in counts if interest.person_id),
        name=member.user.shown_name,
        recused_before=bool(past["recused"]),
        declined_before=bool(past["declined"]),
        load=past["load"],
        load_limit=load_limit if member.load_limit is None else member.load_limit,
        absences=tuple((absence.first_day, absence.last_day) for absence in member.absences.all()),
    )
