"""Choosing a panel on the page that opens a round."""

from typing import Any

from editorial.models import AuditEvent, EditorialPolicy, OutboxMessage
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
