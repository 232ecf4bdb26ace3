"""The queue's rows: a query each for the articles of a page, their authors and their panels, whatever its length."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Prefetch, Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from articles import conditions, questions
from articles.models import Article
from articles.states import CURRENT, ArticleState
from editorial import clock
from editorial.models import User
from reviews.conditions import last_round_of
from reviews.models import Objection, ReviewAssignment
from reviews.objection_conditions import objections_to
from reviews.panel import STATE_LABELS, last_reminders, seats_of, with_verdicts
from reviews.queue.named import Moment
from reviews.queue.turns import Seat, Standing, turn_of
from reviews.reminded import Last
from reviews.states import APPROVING, SEATED, VERDICT_LABELS, AssignmentState, SeatKind, VerdictKind
from reviews.waiting_list import Wait
from reviews.weekly_pace import monday


def with_standing(rows: QuerySet[Article]) -> QuerySet[Article]:
    """``rows`` with all that a turn needs of the article, its current version and its objections."""
    current = FilteredRelation("publications", condition=Q(publications__status__in=sorted(CURRENT)))
    standing = Objection.objects.still_open().filter(article=OuterRef("pk"))
    people = User.objects.only("id", "username", "first_name", "last_name")
    return (
        rows.defer(None)
        .annotate(current=current)
        .annotate(status=F("current__status"), review_due=F("current__next_review_due"), objection=Exists(standing))
        .select_related("handling_editor", "specialty")
        .prefetch_related(Prefetch("authors", queryset=people))
        .defer("frozen_snapshot", "frozen_html", "short_answer", "change_note", "products", "sponsors", "funding")
    )


def stands(article: Article) -> tuple[Article, list[ReviewAssignment]]:
    """One article and its open panel as ``with_standing`` and ``panels_of`` give them, from what its page has read."""
    current, round = conditions.current_publication(article), last_round_of(article)
    article.status = current.status if current else None
    article.review_due = current.next_review_due if current else None
    article.objection = any(objection.is_open for objection in objections_to(article))
    held = seats_of(round) if round is not None and round.is_open else []
    return article, [seat for seat in held if seat.state in SEATED]


def rows_of(articles: Iterable[Article], user: User, at: Moment) -> list[dict[str, Any]]:
    """What the page shows of each article.

    What others signed stays hidden from whoever sits on the panel, and who reviews from whoever wrote the text.
    """
    found = list(articles)
    panels = panels_of([article.pk for article in found])
    last = last_reminders(seat for panel in panels.values() for seat in panel)
    submitted = any(article.state == ArticleState.SUBMITTED for article in found)
    waits = at.listed.waits if submitted else {}
    alike = questions.of(article.pk for article in found if article.state in questions.ASKING)
    return [
        {
            **_row(article, panels[article.pk], last, user, at, waits.get(article.pk)),
            "like": next(iter(alike[article.pk]), None),
        }
        for article in found
    ]


def panels_of(articles: list[int]) -> dict[int, list[ReviewAssignment]]:
    """The seats that are held on the open panel of each article."""
    seats = with_verdicts(ReviewAssignment.objects.at_work().filter(round__article__in=articles))
    found: dict[int, list[ReviewAssignment]] = defaultdict(list)
    for seat in seats.order_by("round_id", "rank", "pk"):
        found[seat.round.article_id].append(seat)
    return found


def _row(
    article: Article, panel: list[ReviewAssignment], last: Last, user: User, at: Moment, wait: Wait | None
) -> dict[str, Any]:
    wrote = any(author.pk == user.pk for author in article.authors.all())
    blind = wrote or any(seat.member.user_id == user.pk for seat in panel)
    round = panel[0].round if panel else None
    standing = standing_of(article, panel, at, tells=not blind, named=not wrote, wait=wait)
    seats = standing.seats
    late = [seat for seat in seats if seat.late and seat.required] or [seat for seat in seats if seat.open]
    return {
        "article": article,
        "status": standing.status,
        "seats": seats,
        "turn": turn_of(standing),
        "yours": article.handling_editor_id == user.pk,
        "judges": blind and not wrote,
        "wrote": wrote,
        "days": (at.now - article.state_since).days,
        "approvals": None if blind or round is None else sum(seat.approves for seat in seats),
        "quorum": round.rule.get("approvals") if round else None,
        "reminded": "" if wrote else _reminded(late, last, user),
        "late": [seat.pk for seat in late],
        "waits": wait is not None and not wrote,
    }


def standing_of(
    article: Article,
    panel: list[ReviewAssignment],
    at: Moment,
    *,
    tells: bool,
    named: bool,
    wait: Wait | None = None,
) -> Standing:
    """What a turn needs of an article that came through ``with_standing``.

    ``tells``: with what the panel signed and how it goes; ``named``: with who sits on it; ``wait``: its place on the
    list of those that wait for their week.
    """
    round = panel[0].round if panel else None
    return Standing(
        state=article.state,
        triaged=article.triaged_at is not None,
        status=article.status or "",
        seats=tuple(_seat(seat, at.now, tells=tells, named=named) for seat in panel),
        editor=article.handling_editor.shown_name if article.handling_editor else "",
        authors=tuple(author.shown_name for author in article.authors.all()),
        objection=article.objection and tells,
        unsatisfiable=round.unsatisfiable if round and tells else "",
        quorum_lost=article.quorum_lost_at is not None,
        full_review_by=article.full_review_by,
        next_review_due=article.review_due if article.review_due and article.review_due <= at.re_review_by else None,
        today=localtime(at.now).date(),
        listed=wait is not None,
        week=monday(wait.day) if wait and wait.day else None,
        not_opened=wait.problem if wait else "",
    )


def _seat(seat: ReviewAssignment, now: datetime, *, tells: bool, named: bool) -> Seat:
    verdict = (seat.verdict or "") if tells else ""
    return Seat(
        pk=seat.pk,
        name=seat.member.user.shown_name if named else _("the panel"),
        status=seat.state,
        due_on=seat.review_on,
        open=seat.is_open,
        asked=seat.state == AssignmentState.INVITED,
        late=seat.is_overdue(now) and not seat.is_waiting_alternate,
        standing_by=seat.is_waiting_alternate,
        required=seat.seat == SeatKind.REQUIRED,
        verdict=verdict,
        says=VERDICT_LABELS[VerdictKind(verdict)] if verdict else _status(seat, now),
        approves=verdict in APPROVING,
    )


def _reminded(seats: Iterable[Seat], last: Last, user: User) -> str:
    """When the first of these was last reminded who was; empty when nobody was."""
    return next((words for seat in seats if (words := last.words(seat.pk, user.zone))), "")


def _status(seat: ReviewAssignment, now: datetime) -> str:
    if seat.is_overdue(now):
        return _("late, due %(day)s") % {"day": clock.shown(seat.review_on)}
    return STATE_LABELS[seat.state]
