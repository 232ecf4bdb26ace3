"""Acts on many articles at once. Each article is a verb of its own: what one refuses, the others don't suffer from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from articles.models import Article
from editorial import clock
from editorial.conditions import Refused
from editorial.models import HandledRequest, User
from editorial.registry import VerbSpec
from reviews import seat_conditions, workflow
from reviews.models import ReviewAssignment

MOST = 100
"""Articles of one act: what an editor can look over before pressing the button."""


@dataclass(frozen=True)
class Step:
    """One thing to do: ``refusal`` says why it can't be done; ``run(request=…, **values)`` does it."""

    key: str
    title: str
    refusal: str
    run: Callable[..., Any] = field(repr=False)
    says: str = ""


@dataclass(frozen=True)
class Outcome:
    done: list[Step]
    refused: list[tuple[Step, str]]


def verb_steps(
    spec: VerbSpec, articles: Iterable[Article], user: User, now: datetime, stamps: dict[int, str]
) -> list[Step]:
    """One step an article, with the verb's own condition; ``stamps`` say what the person saw of each."""

    def step(article: Article) -> Step:
        hidden = "" if spec.visible(article, user) else _("This isn't yours to do.")
        refusal = hidden or spec.condition(article, user).reason
        run = partial(spec.run, article, actor=user, now=now, expected=stamps[article.pk])
        return Step(f"article:{article.pk}", article.title, refusal, run)

    return [step(article) for article in articles]


def extend_steps(articles: Iterable[Article], user: User, now: datetime, stamps: dict[int, str]) -> list[Step]:
    """One step a seat that owes a review; ``days`` count from its due day, or from today where that is over."""
    rows = ReviewAssignment.objects.owed().filter(round__article__in=[article.pk for article in articles])
    seats = rows.select_related("round__article", "member__user").order_by("round__article", "pk")
    return [_extend_step(seat, user, now) for seat in seats]


def _extend_step(seat: ReviewAssignment, user: User, now: datetime) -> Step:
    article, today = seat.round.article, clock.day_in(seat.member.user.zone, now)

    def run(*, days: int, reason: str, request: UUID) -> Any:
        review_on = max(seat.review_on, today) + timedelta(days=days)
        return workflow.extend(
            article, actor=user, now=now, assignment=seat, review_on=review_on, reason=reason, request=request
        )

    refusal = seat_conditions.may_extend(seat, user).reason
    named = {"who": seat.member.user.shown_name, "day": clock.shown(seat.review_on)}
    says = "" if refusal else _("%(who)s, due %(day)s") % named  # why: authors don't learn who reviews their text
    return Step(seat.subject, article.title, refusal, run, says)


def carry_out(steps: Iterable[Step], request: UUID, values: dict[str, Any], *, actor: User) -> Outcome:
    """Do each step in a transaction of its own, under a number made of the form's: sent twice it acts once."""
    numbered = [(step, uuid5(request, step.key)) for step in steps]
    before = HandledRequest.objects.filter(actor=actor, pk__in=[number for _step, number in numbered])
    handled = set(before.values_list("pk", flat=True))
    done, refused = [], []
    for step, number in numbered:
        if number in handled:
            done.append(step)
            continue
        if step.refusal:
            refused.append((step, step.refusal))
            continue
        try:
            step.run(request=number, **values)
        except Refused as no:
            refused.append((step, no.reason))
        else:
            done.append(step)
    return Outcome(done, refused)
