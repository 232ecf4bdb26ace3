"""Opening a round: a panel that can satisfy the policy, over the frozen text."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from articles import workflow as bare
from articles.models import Article
from editorial.conditions import Refused
from editorial.models import BoardMember, User
from editorial.verbs import record, verb
from reviews import conditions, matching, quorum
from reviews.models import ReviewRound
from reviews.workflow.seats import due_day, seat


@verb
def open_round(
    article: Article, *, actor: User, now: datetime, members: Sequence[BoardMember], note: str = ""
) -> ReviewRound:
    """Seat a panel that can satisfy the policy, and ask it to review the frozen text.

    Raises Refused naming everyone who isn't eligible, or what the panel could never bring.
    """
    conditions.may_open_round(article, actor, now=now).enforce()
    rule = conditions.rule_for(article, now=now)
    snapshot = {**rule.snapshot(specialty=article.specialty.slug), "specialty_name": article.specialty.name}
    due = due_day(now.date(), rule.review_days)
    chosen = _eligible(article, rule, members, due=due, now=now)
    lacking = quorum.can_satisfy(quorum.Rule.from_snapshot(snapshot), [match.candidate.credentials for match in chosen])
    if lacking:
        raise Refused(_("This panel can't satisfy the policy: %(lacking)s.") % {"lacking": "; ".join(lacking)})
    round = ReviewRound.objects.create(
        article=article,
        number=article.rounds.count() + 1,
        digest=article.frozen_digest,
        snapshot=article.frozen_snapshot,
        rule=snapshot,
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
        rule=snapshot,
    )
    for match in chosen:
        seat(article, round, match.member, actor=actor, now=now)
    bare.open_round(article, actor=actor, now=now, round=round.number)
    return round


def _eligible(article, rule, members, *, due, now):
    by_pk = {match.member.pk: match for match in matching.matches(article, rule=rule, due=due, now=now)}
    chosen = [by_pk.get(member.pk) for member in dict.fromkeys(members)]
    barred = [
        f"{member}: {', '.join(match.reasons_against) if match else _('not on the board')}"
        for member, match in zip(dict.fromkeys(members), chosen, strict=True)
        if match is None or not match.eligible
    ]
    if barred:
        raise Refused(_("Not eligible: %(barred)s.") % {"barred": "; ".join(barred)})
    return chosen
