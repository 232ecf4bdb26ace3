"""The house's invariants, checked after every step of a walk by means of their own."""

import re
from collections.abc import Iterator
from datetime import date

import time_machine
from django.test import Client

from articles import content
from articles.models import Publication, PublicNotice
from articles.states import CURRENT, EDGES
from reviews.models import ConflictDeclaration, Objection, Review, ReviewAssignment, ReviewRound, Signature
from tests.faults import racing
from tests.stateful.world import World

SHOWN = ("live", "superseded", "retracted", "retired")
APPROVING = ("approve", "approve_with_suggestions")
MOVES = {(str(source), str(edge.target)) for edge in EDGES.values() for source in edge.sources}


def broken(world: World) -> Iterator[str]:
    """What the last step broke, in words; nothing when every promise holds."""
    with time_machine.travel(world.now, tick=False):  # days of grace count in the walk's own time
        yield from [f"verify: {problem.row} {problem.message}" for problem in racing.problems()]
    yield from publications_have_their_quorum(world)
    yield from readers_see_published_words_alone(world)


def moved_wrongly(before: str, after: str) -> Iterator[str]:
    if before != after and (before, after) not in MOVES:
        yield f"the article went from {before} to {after}, which no verb of the table does"


def publications_have_their_quorum(world: World) -> Iterator[str]:
    rows = list(Publication.objects.filter(article=world.pk).order_by("number"))
    if sum(row.status in CURRENT for row in rows) > 1:
        yield "more than one version is current"
    if [row.number for row in rows] != list(range(1, len(rows) + 1)):
        yield "the versions aren't numbered without a gap"
    for row in rows:
        if content.digest(row.snapshot) != row.digest:
            yield f"version {row.number} isn't the text of its digest"


def signers(world: World, since: int, contributors: set[int], today: date) -> Iterator[str]:
    """Each new signature on a review was given by somebody who might sign at that instant."""
    rows = Signature.objects.filter(pk__gt=since, review__isnull=False).select_related("review__member", "signer")
    for signature in rows:
        who, member = signature.signer, signature.review.member
        if who.pk in contributors:
            yield f"{who} signed a text that they wrote or changed"
        if who.pk in world.refused:
            yield f"{who} signed after stepping back from this article"
        if not who.is_active or not who.groups.filter(name="board member").exists():
            yield f"{who} signed without an account or a place on the board"
        valid = member.credentials.filter(verified_on__lte=today, verified_by__isnull=False, expires_on__gte=today)
        if not valid.exists():
            yield f"{who} signed without a valid credential"
        declared = ConflictDeclaration.objects.filter(assignment=signature.review.assignment_id).first()
        if declared is None or declared.has_conflict:
            yield f"{who} signed without declaring that there is no conflict"
        if signature.review.digest != signature.digest or signature.digest != signature.review.round.digest:
            yield f"{who} signed another text than the round's"


def quorum_of(world: World, publication: Publication) -> Iterator[str]:
    """The quorum at the instant of publishing, counted here and not by ``reviews.quorum``."""
    rounds = ReviewRound.objects.filter(article=world.pk, digest=publication.digest, outcome="approved")
    round = rounds.order_by("-number").first()
    if round is None:
        yield f"version {publication.number} has no approved round over its digest"
        return
    yield from approvals_lacking(publication, round)
    seats = ReviewAssignment.objects.filter(round=round, seat="required", state__in=["invited", "accepted"])
    if seats.exists():
        yield f"version {publication.number}: a required seat never spoke"
    if any(o.is_open for o in Objection.objects.filter(article=world.pk, review__round__number__lte=round.number)):
        yield f"version {publication.number}: published over an open safety objection"
    yield from confirmation_lacking(publication, round)


def approvals_lacking(publication: Publication, round: ReviewRound) -> Iterator[str]:
    rule, approvals = round.rule, _standing(round, APPROVING)
    if len(approvals) < rule["approvals"]:
        yield f"version {publication.number}: {len(approvals)} approvals, {rule['approvals']} asked"
    held = [{c["specialty"] for c in _signature(review).standing["credentials"]} for review in approvals]
    for wanted in set(rule["specialties"]):
        if sum(wanted in specialties for specialties in held) < rule["specialties"].count(wanted):
            yield f"version {publication.number}: too few approvals in {wanted}"
    if rule["changes_needed_blocks"] and _standing(round, ("changes_needed",)):
        yield f"version {publication.number}: published over “changes needed”"


def confirmation_lacking(publication: Publication, round: ReviewRound) -> Iterator[str]:
    given = Signature.objects.filter(round=round, review=None, standing__act="confirm")
    roles = [signature.standing["roles"] for signature in given]
    suggests = bool(_standing(round, ("approve_with_suggestions",)))
    if (round.rule["editor_confirms"] or suggests) and not roles:
        yield f"version {publication.number}: published without the editor's confirmation"
    if round.rule["chief_confirms"] and not any("chief editor" in held for held in roles):
        yield f"version {publication.number}: published without a chief editor's confirmation"


def _standing(round: ReviewRound, verdicts: tuple[str, ...]) -> list[Review]:
    """Each member's last review, where it says one of these and nobody withdrew it."""
    latest = {review.member_id: review for review in Review.objects.filter(round=round).order_by("pk")}
    return [r for r in latest.values() if r.verdict in verdicts and not hasattr(_signature(r), "voided")]


def readers_see_published_words_alone(world: World) -> Iterator[str]:
    shown = Publication.objects.filter(article=world.pk, status__in=SHOWN).values_list("snapshot", flat=True)
    allowed = {word for snapshot in shown for word in words(snapshot)}
    slug, client = world.article.slug, Client()
    notices = [f"/notices/{uuid}/" for uuid in PublicNotice.objects.values_list("uuid", flat=True)]
    for address in ("/", f"/articles/{slug}/", *notices):
        for word in words(client.get(address).text) - allowed:
            yield f"{address} shows {word}, which no published version has"


def words(text: str) -> set[str]:
    return set(re.findall(r"Canary\d+x", text))


def _signature(review: Review) -> Signature:
    return (review.carried_from or review).signature
