"""Ranks board members for an article, with the reasons for and against each."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q

from articles.contributors import contributors
from articles.models import Article
from editorial.models import BoardMember, Credential
from editorial.models.policy import ReviewRule
from editorial.roles import Role
from reviews import eligibility
from reviews.eligibility import Candidate, Subject
from reviews.models import ReviewAssignment
from reviews.states import OPEN, AssignmentState


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


def subject_of(article: Article) -> Subject:
    """The article's side of a conflict: its contributors, products and sponsors."""
    return Subject(frozenset(contributors(article)), names_of(article), deciders=_deciders(article))


def names_of(article: Article) -> frozenset[str]:
    """Its products and sponsors, case-folded."""
    lines = [*article.products.splitlines(), *article.sponsors.splitlines()]
    return frozenset(line.strip().casefold() for line in lines if line.strip())


def _deciders(article: Article) -> frozenset[int]:
    """The handling editor, and whoever opened the round that runs or gave out a seat in it."""
    seats = ReviewAssignment.objects.filter(round__article=article, round__closed_at=None)
    pairs = seats.values_list("assigned_by_id", "round__opened_by_id").distinct()
    found = {user for pair in pairs for user in pair}
    return frozenset(found | ({article.handling_editor_id} if article.handling_editor_id else set()))


def candidate_of(member: BoardMember, *, article: Article | None, today: date, load_limit: int = 3) -> Candidate:
    """One member as the rules see them, read afresh."""
    return next(iter(_candidates([member.pk], article=article, today=today, load_limit=load_limit).values()))[1]


def matches(article: Article, *, rule: ReviewRule, due: date, now: datetime) -> list[Match]:
    """Every serving member, eligible ones first and ranked; the others after them with what speaks against."""
    today = now.date()
    subject = subject_of(article)
    specialty = article.specialty.slug if article.specialty else ""
    serving = BoardMember.objects.filter(Q(left_on=None) | Q(left_on__gt=today), user__is_active=True).values_list(
        "pk", flat=True
    )
    rows = _candidates(serving, article=article, today=today, load_limit=rule.load_limit)
    asked = dict(
        ReviewAssignment.objects.filter(member__in=list(rows)).values_list("member").annotate(Max("assigned_at"))
    )
    pairs = [(c, (now - asked[pk]).days if pk in asked else None) for pk, (_member, c) in rows.items()]
    found = []
    members = [member for member, _candidate in rows.values()]
    for index in eligibility.rank(pairs, specialty):
        candidate, days = pairs[index]
        against = eligibility.reasons_against(candidate, subject, due=due)
        speaks = eligibility.reasons_for(candidate, specialty, asked_days_ago=days)
        found.append(Match(members[index], candidate, speaks, against))
    return sorted(found, key=lambda match: not match.eligible)


def _candidates(
    pks: object, *, article: Article | None, today: date, load_limit: int
) -> dict[int, tuple[BoardMember, Candidate]]:
    members = (
        BoardMember.objects.filter(pk__in=pks)
        .select_related("user")
        .annotate(
            load=Count("assignments", filter=Q(assignments__state__in=sorted(OPEN)), distinct=True),
            board=Count("user__groups", filter=Q(user__groups__name=Role.BOARD), distinct=True),
        )
        .prefetch_related("absences", "interests")
        .order_by("pk")
    )
    members = list(members)
    valid, any_unverified = defaultdict(set), set()
    for credential in Credential.objects.filter(member__in=members).select_related("specialty"):
        if credential.verified_on and credential.verified_by_id and credential.expires_on >= today:
            valid[credential.member_id].add(credential.specialty.slug)
        elif not (credential.verified_on and credential.verified_by_id):
            any_unverified.add(credential.member_id)
    recused = _recused(article)
    return {m.pk: (m, _candidate(m, valid, any_unverified, recused, today, load_limit)) for m in members}


def _candidate(
    member: BoardMember,
    valid: dict[int, set[str]],
    unverified: set[int],
    recused: set[int],
    today: date,
    load_limit: int,
) -> Candidate:
    standing = [i for i in member.interests.all() if i.since <= today and (i.until is None or i.until >= today)]
    return Candidate(
        user=member.user_id,
        serves=member.is_serving(today) and bool(member.board),
        credentials=frozenset(valid[member.pk]),
        unverified=member.pk in unverified,
        interests=frozenset(name for interest in standing for name in interest.names()),
        people=frozenset(interest.person_id for interest in standing if interest.person_id),
        recused_before=member.pk in recused,
        load=member.load,
        load_limit=load_limit if member.load_limit is None else member.load_limit,
        absences=tuple((absence.first_day, absence.last_day) for absence in member.absences.all()),
    )


def _recused(article: Article | None) -> set[int]:
    if article is None:
        return set()
    refused = [AssignmentState.RECUSED, AssignmentState.DECLINED]
    rows = ReviewAssignment.objects.filter(round__article=article, state__in=refused)
    return set(rows.values_list("member_id", flat=True))
