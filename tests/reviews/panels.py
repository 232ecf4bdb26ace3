"""Choosing a panel on the page that opens a round."""

import uuid
from datetime import date
from typing import Any

from articles.models import Article
from editorial.models import Absence, AuditEvent, Credential, EditorialPolicy, OutboxMessage, Specialty, User
from reviews import workflow
from reviews.models import ReviewAssignment, ReviewRound
from tests.desk import Person


def url_of(article, query: str = "") -> str:
    return f"/admin/articles/article/{article.pk}/verb/open_round/{query}"


def seats(people, **kinds: str) -> dict[str, str]:
    """The form's fields for these seats: ``claire="required"``."""
    return {f"seat_{people[name].board_member.pk}": kind for name, kind in kinds.items()}


def opens(person: Person, article, people, **kinds: str) -> Any:
    """Open a round with exactly these seats, whatever the page proposes."""
    url = url_of(article)
    page = person.fields(url, having="stamp")
    empty = {name: "" for name in page if name.startswith("seat_")}
    return person.client.post(url, {**page, **empty, **seats(people, **kinds)})


def opened(story, *members: str, **values: Any) -> ReviewRound:
    """A round with required ``members`` (Claire and Ravi unless named), and ``alternates``, ``optional`` by name."""
    for kind in ("alternates", "optional"):
        values[kind] = [story.people[name].board_member for name in values.get(kind, ())]
    article = values.pop("article", None) or story.triaged(**values.pop("fields", {}))
    panel = [story.people[name].board_member for name in members or ("claire", "ravi")]
    return workflow.open_round(article, actor=story.people["tom"], now=story.tick(), members=panel, **values)


def ask_for_answers() -> None:
    """From here on rounds are opened under a policy that asks whether a member can review."""
    EditorialPolicy.objects.update(acceptance="answer")


def seat_url(seat: ReviewAssignment, verb: str) -> str:
    return f"/admin/seats/{seat.pk}/{verb}/"


def states(round: ReviewRound) -> dict[str, tuple[str, str]]:
    """Seat and state of everybody who ever sat in the round."""
    rows = ReviewAssignment.objects.filter(round=round).values_list("member__user__username", "seat", "state")
    return {name: (seat, state) for name, seat, state in rows}


def mail_to(username: str) -> list[str]:
    """The sentences of every mail to this person."""
    rows = OutboxMessage.objects.filter(recipient__username=username).order_by("pk")
    return [row.payload["text"] for row in rows]


def events(seat: ReviewAssignment) -> list[str]:
    rows = AuditEvent.objects.filter(subject=seat.subject).order_by("sequence")
    return [kind.removeprefix("assignment.") for kind in rows.values_list("kind", flat=True)]


VALUES = {"reason": "For the test.", "review_on": "2026-05-01"}


def force(person: Person, seat: ReviewAssignment, verb: str, **values):
    """Send a seat's form without asking its page first."""
    stamp = Article.objects.get(pk=seat.round.article_id).stamp
    form = {"stamp": stamp, "request_id": uuid.uuid4(), **VALUES, **values}
    return person.client.post(seat_url(seat, verb), form)


def use(story, seat: ReviewAssignment, verb: str, actor: str, **values):
    run = getattr(workflow, verb)
    return run(seat.round.article, actor=story.people[actor], now=story.tick(), assignment=seat, **values)


def invited(story) -> ReviewAssignment:
    ask_for_answers()
    return story.seat(opened(story, alternates=["eva"]), "claire")


def end(story, round, username: str, how: str = "release", reason: str = "For the test."):
    seat = story.seat(round, username)
    seat.round = round
    actor = User.system() if how == "expire" else story.people["tom"]
    return workflow.vacate(seat, how, reason=reason, actor=actor, now=story.tick())


def also_in(story, username: str, slug: str) -> None:
    """A second licence."""
    copied = Credential.objects.filter(member__user__username=username).values().first()
    field = Specialty.objects.get(slug=slug)
    Credential.objects.create(**{**copied, "id": None, "specialty_id": field.pk})


def away(story, username: str, *, first: date, last: date, cover: str = "") -> Absence:
    people = story.people
    return Absence.objects.create(
        member=people[username].board_member,
        first_day=first,
        last_day=last,
        cover=people[cover].board_member if cover else None,
    )
