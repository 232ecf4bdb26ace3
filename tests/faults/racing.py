"""Many races in one database: copies of one article under review, and two people who act on each at once."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass
from threading import Barrier
from typing import Any

from django.db import close_old_connections, connections, models

from articles.models import Article, Citation
from articles.projection import policy_pages
from editorial import audit, registry, verbs
from editorial.audit import Problem
from editorial.conditions import Refused
from editorial.models import AuditEvent, AuditHead, BoardMember, ReviewRule, User
from reviews.models import ConflictDeclaration, Review, ReviewRound, Signature

PATIENCE_SECONDS = 30
Act = Callable[[ReviewRound], object]


@dataclass(frozen=True)
class Outcome:
    """What became of one act: done, refused with a reason, or an error that nobody should ever see."""

    done: bool = False
    refusal: str = ""
    error: str = ""


DONE = Outcome(done=True)


def no_limits(*, editor_confirms: bool) -> None:
    """Members may hold any number of seats; the records alone decide unless ``editor_confirms``."""
    BoardMember.objects.update(load_limit=30_000)
    ReviewRule.objects.filter(approvals__gt=0).update(editor_confirms=editor_confirms)
    policy_pages.project()


def copies(round: ReviewRound, count: int) -> list[ReviewRound]:
    """``count`` articles in the very state of this one: seats, declarations, reviews, signatures and their events."""
    article = round.article
    names = [uuid.uuid4() for _ in range(count)]
    articles = [_copied(article, uuid=name, slug=f"{article.slug[:40]}-{name}") for name in names]
    Article.objects.bulk_create(articles)
    for made in articles:
        made.authors.set(article.authors.all())
        Citation.objects.bulk_create(_copied(citation, article=made) for citation in article.citations.all())
    rounds = ReviewRound.objects.bulk_create(_copied(round, article=made) for made in articles)
    recorded = [row for made in rounds for row in _panel(round, made)]
    with verbs.work(actor=User.system()):
        verbs.record("test.copied", article.subject, records=tuple(recorded))
        for made in rounds:
            verbs.record("round.opened", made.subject, digest=made.digest, rule=made.rule)
    return rounds


def run(rounds: Sequence[ReviewRound], *acts: Act) -> list[tuple[Outcome, ...]]:
    """All ``acts`` on each round at once, each from a thread and a connection of its own, round after round."""
    line = Barrier(len(acts))

    def racer(act: Act) -> list[Outcome]:
        found = []
        try:
            for round in rounds:
                line.wait(PATIENCE_SECONDS)
                found.append(_outcome(act, round))
        finally:
            connections.close_all()
        return found

    close_old_connections()
    with ThreadPoolExecutor(len(acts)) as pool:
        return list(zip(*pool.map(racer, acts), strict=True))


def at_once(count: int, act: Callable[[], Any]) -> list[Any]:
    """What ``act`` returns in as many threads at the same moment, each with a connection of its own."""
    line = Barrier(count)

    def racer(_number: int) -> Any:
        try:
            line.wait(PATIENCE_SECONDS)
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(racer, range(count)))


def problems() -> list[Problem]:
    """Everything that `manage.py verify` would find, but for the rows that these tests write without a verb."""
    checks = {**registry.checks(), "changes": list}
    return [*audit.verify(), *(problem for check in checks.values() for problem in check())]


def chain_has_gaps() -> bool:
    sequences = list(AuditEvent.objects.order_by("sequence").values_list("sequence", flat=True))
    return sequences != list(range(1, AuditHead.objects.get().sequence + 1))


def unlocked(row: models.Model, running: verbs.Work) -> models.Model:
    """``editorial.verbs._lock`` as it would be without the lock: reads the row and holds nothing."""
    key = (row._meta.label, row.pk)
    if key not in running.locked:
        running.locked[key] = type(row)._base_manager.get(pk=row.pk)
    return running.locked[key]


def _outcome(act: Act, round: ReviewRound) -> Outcome:
    try:
        act(round)
    except Refused as refused:
        return Outcome(refusal=refused.reason)
    except Exception as problem:
        return Outcome(error=repr(problem))
    return DONE


def _panel(original: ReviewRound, made: ReviewRound) -> Iterable[models.Model]:
    """Copies of a round's seats and of what was declared and signed on them; yields what must be sealed."""
    for seat in original.assignments.select_related("declaration"):
        mine = _kept(_copied(seat, round=made))
        for declaration in ConflictDeclaration.objects.filter(assignment=seat):
            yield _kept(_copied(declaration, assignment=mine))
        for review in Review.objects.filter(assignment=seat):
            again = _kept(_copied(review, assignment=mine, round=made))
            yield again
            yield _kept(_copied(Signature.objects.get(review=review), review=again, round=made))


def _copied(row: Any, **values: Any) -> Any:
    made = copy(row)
    made._state = copy(row._state)
    made._state.adding, made._state.fields_cache = True, {}
    made.pk = None
    for name, value in values.items():
        setattr(made, name, value)
    return made


def _kept(row: Any) -> Any:
    row.save(force_insert=True)
    return row
