"""Opening a round: a panel that can satisfy the policy, over the frozen text."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from articles import workflow as bare
from articles.models import Article
from editorial import clock
from editorial.conditions import Refused
from editorial.models import BoardMember, User
from editorial.verbs import record, verb
from reviews import carrying, conditions, decisions, matching, quorum
from reviews.matching import Match
from reviews.models import Review, ReviewAssignment, ReviewRound
from reviews.states import SeatKind
from reviews.workflow.off_the_list import opened_by_hand
from reviews.workflow.seating import due_day, seat

Place = tuple[BoardMember, SeatKind]
"""Somebody, and which kind of seat they get."""


@verb
def open_round(
    article: Article,
    *,
    actor: User,
    now: datetime,
    members: Sequence[BoardMember] = (),
    optional: Sequence[BoardMember] = (),
    alternates: Sequence[BoardMember] = (),
    carry: Sequence[Review] = (),
    note: str = "",
) -> ReviewRound:
    """Seat a panel that can satisfy the policy, and ask it to review the frozen text.

    ``members`` are required, ``alternates`` in the order in which they move up; ``carry`` are reviews of the
    withdrawn round before, over the same text, that stand here too. Raises Refused naming everyone who isn't
    eligible, or what the panel could never bring.
    """
    conditions.may_open_round(article, actor, now=now).enforce()
    rule = rule_for(article, now=now)
    carried = carrying.checked(article, rule, carry, now=now)
    if any(review.member.user_id == actor.pk for review in carried):
        raise Refused(
            _("You open this round, so your own signature isn't carried: leave it out, or let another editor open it.")
        )
    seats = panel(members, optional, alternates, without=[review.member_id for review in carried])
    round = begin(article, rule, actor=actor, now=now, seats=seats, carried=carried, note=note)
    opened_by_hand(article, now=now)
    bare.open_round(article, actor=actor, now=now, round=round.number)
    if carried:
        decisions.settle(article, round, now=now)
    return round


def begin(
    article: Article,
    rule: dict[str, Any],
    *,
    actor: User,
    now: datetime,
    seats: Sequence[Place],
    carried: Sequence[Review] = (),
    note: str = "",
) -> ReviewRound:
    """A round under this snapshot of a rule with its panel seated. The caller has checked who asks, and moves the
    article. Raises Refused as ``open_round`` does.
    """
    found = _eligible(article, rule, [member for member, _kind in seats], actor=actor, now=now)
    required = [found[member.pk].candidate.credentials for member, kind in seats if kind == SeatKind.REQUIRED]
    signed = [_at_signing(review) for review in carried]
    lacking = quorum.can_satisfy(quorum.Rule.from_snapshot(rule), [*required, *signed])
    if lacking:
        raise Refused(_("This panel can't satisfy the policy: %(lacking)s.") % {"lacking": "; ".join(lacking)})
    round = _opened(article, rule, note, actor=actor, now=now)
    for review in carried:
        carrying.carry(review, _place(round, review, actor=actor, now=now))
    rank = 0
    for member, kind in seats:
        rank += kind == SeatKind.ALTERNATE
        place = rank if kind == SeatKind.ALTERNATE else 0
        seat(article, round, found[member.pk].member, by=actor, now=now, kind=kind, rank=place)
    return round


def rule_for(article: Article, *, now: datetime, change_class: str = "") -> dict[str, Any]:
    """The snapshot of the rule in force, as a round opened now would keep it. The article has been triaged."""
    rule = conditions.rule_for(article, now=now, change_class=change_class)
    specialty = article.specialty
    return {**rule.snapshot(specialty=specialty.slug), "specialty_name": specialty.name}


def _opened(article: Article, rule: dict[str, Any], note: str, *, actor: User, now: datetime) -> ReviewRound:
    round = ReviewRound.objects.create(
        article=article,
        number=article.rounds.count() + 1,
        digest=article.frozen_digest,
        snapshot=article.frozen_snapshot,
        rule=rule,
        opened_at=now,
        opened_by=actor,
        note=note,
    )
    record(
        "round.opened",
        round.subject,
        article=str(article.uuid),
        number=round.number,
        digest=round.digest,
        rule=rule,
    )
    return round


def panel(
    members: Sequence[BoardMember],
    optional: Sequence[BoardMember],
    alternates: Sequence[BoardMember],
    *,
    without: Sequence[int] = (),
) -> list[Place]:
    """Each member once, on the first seat that names them."""
    kinds = ((SeatKind.REQUIRED, members), (SeatKind.OPTIONAL, optional), (SeatKind.ALTERNATE, alternates))
    found: dict[int, tuple[BoardMember, SeatKind]] = {}
    for kind, people in kinds:
        for member in people:
            found.setdefault(member.pk, (member, kind))
    return [place for pk, place in found.items() if pk not in without]


def _eligible(
    article: Article, rule: dict[str, Any], members: Sequence[BoardMember], *, actor: User, now: datetime
) -> dict[int, Match]:
    if not members:
        return {}
    due = due_day(now.date(), rule["review_days"])
    pks = [member.pk for member in members]
    found = {m.member.pk: m for m in matching.matches(article, rule=rule, due=due, now=now, members=pks)}
    barred = []
    for member in members:
        match = found.get(member.pk)
        reasons = list(match.reasons_against) if match else [_("not on the board")]
        if member.user_id == actor.pk and not reasons:
            reasons = [_("whoever opens the round doesn't sit on its panel")]
        if reasons:
            barred.append(f"{member}: {', '.join(reasons)}")
    if barred:
        raise Refused(_("Not eligible: %(barred)s.") % {"barred": "; ".join(barred)})
    return found


def _at_signing(review: Review) -> frozenset[str]:
    signature = carrying.original(review).signature
    return frozenset(credential["specialty"] for credential in signature.standing["credentials"])


def _place(round: ReviewRound, review: Review, *, actor: User, now: datetime) -> ReviewAssignment:
    """The seat of somebody whose signature is carried over: nothing is due on it."""
    user = review.member.user
    today = clock.day_in(user.zone, now)
    return ReviewAssignment(
        round=round,
        member=review.member,
        specialty=review.assignment.specialty,
        respond_on=today,
        review_on=today,
        time_zone=user.time_zone,
        assigned_at=now,
        assigned_by=actor,
    )
