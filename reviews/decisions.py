"""A round's rows as the values that the quorum judges, and what follows from the judgement."""

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from articles import conditions, proposals, snapshots, versions
from articles import workflow as bare
from articles.models import Article, Publication
from editorial import outbox
from editorial.models import User
from editorial.models.policy import ChangeClass
from editorial.once import asking_once, once
from editorial.roles import Role
from editorial.verbs import record
from reviews import evidence, quorum, standing
from reviews.models import Objection, Review, ReviewAssignment, ReviewRound, Signature
from reviews.states import OPEN, RoundOutcome, SeatKind

R = TypeVar("R", bound=Any)


def decision_of(round: ReviewRound, *, confirmed: bool = False, without: Collection[int] = ()) -> quorum.Decision:
    """Judge the round from its records as they stand now, or would stand ``without`` these signatures.

    An objection raised in a later round stops that one. Where it is about the very text that readers have, the
    editors are told at once and decide; it takes nothing from the signatures of an earlier round.
    """
    return quorum.decide(
        quorum.Rule.from_snapshot(round.rule),
        seats_of(round),
        signed_reviews(round, without=without),
        digest=round.digest,
        objections=objections_to(round),
        confirmed=confirmed,
    )


def struck_off_under(article: Article, lacks: Callable[[list[int]], object]) -> tuple[str, ...]:
    """In words, which members were struck off for cause since they signed, where something stands on their signatures:
    until a chief editor withdraws each or lets it stand, nothing comes to readers on them.

    ``lacks`` says what is missing without these signatures, by id.
    """
    waiting = list(standing.undecided(article))
    if not waiting or not lacks([signature.pk for signature in waiting]):
        return ()
    names = ", ".join(dict.fromkeys(signature.shown_name for signature in waiting))
    said = _("Struck off since: %(names)s. Withdraw each of their signatures under it, or let it stand, first.")
    return (said % {"names": names},)


def struck_off_in(round: ReviewRound) -> tuple[str, ...]:
    """The same for the round that runs."""
    return struck_off_under(round.article, lambda pks: not decision_of(round, confirmed=True, without=pks).satisfied)


@once
def objections_to(round: ReviewRound) -> int:
    return objections_to_each([round])[round.pk]


def objections_to_each(rounds: Collection[ReviewRound]) -> dict[int, int]:
    """How many open ones were raised in it or before, by the round's number in the database."""
    found = Objection.objects.filter(article__in={round.article_id for round in rounds}).still_open()
    raised = list(found.values_list("article_id", "review__round__number"))
    return {
        round.pk: sum(article == round.article_id and number <= round.number for article, number in raised)
        for round in rounds
    }


def lacking_today(publication: Publication, *, without: Collection[int] = ()) -> tuple[str, ...]:
    """What the signatures under a publication lack today; empty when its quorum still stands.

    ``without`` are signatures, by id, that are taken not to stand.
    A carried version stands on the version that was reviewed too, and on a difference that the whitelist passes.
    """
    own = _lacking(publication, without)
    if publication.basis != Publication.Basis.CARRIED:
        return own
    reviewed = versions.reviewed_under(publication)
    under = _lacking(reviewed, without) if reviewed is not None else ()
    return (*own, *under, *versions.bars_carrying(reviewed, publication.snapshot))


def _lacking(publication: Publication, without: Collection[int]) -> tuple[str, ...]:
    round = round_under(publication)
    if round is None:
        return ("an approved round over this text",)
    confirmed = is_confirmed(round, without=without)
    return decision_of(round, confirmed=confirmed, without=without).missing


def round_under(publication: Publication) -> ReviewRound | None:
    """The approved round over its digest by which a publication was published; a restored one has its model's."""
    number = publication.evidence["round"]
    approved = approved_rounds(publication.article_id)
    return next((r for r in approved if (r.digest, r.number) == (publication.digest, number)), None)


@once
def approved_rounds(article: int) -> list[ReviewRound]:
    """Without their texts."""
    return approved_rounds_of_each([article])[article]


def approved_rounds_of_each(articles: Collection[int]) -> dict[int, list[ReviewRound]]:
    rows = ReviewRound.objects.filter(article__in=articles, outcome=RoundOutcome.APPROVED).defer("snapshot")
    return _grouped(articles, ((round.article_id, round) for round in rows))


def is_confirmed(round: ReviewRound, *, without: Collection[int] = ()) -> bool:
    """A confirmation of the round stands, by a chief editor where its rule asks for one."""
    roles = [signature.standing["roles"] for signature in confirmations_of(round) if signature.pk not in without]
    return any(Role.CHIEF in held or not round.rule.get("chief_confirms") for held in roles)


@once
def confirmations_of(round: ReviewRound) -> list[Signature]:
    """Those that stand."""
    return confirmations_of_each([round])[round.pk]


def confirmations_of_each(rounds: Collection[ReviewRound]) -> dict[int, list[Signature]]:
    return _of_rounds(rounds, evidence.confirmations_in(rounds))


def bars_release(publication: Publication, article: Article, *, today: date) -> tuple[str, ...]:
    """Why a scheduled version mustn't be shown although its day has come; empty when it may."""
    later = article.publications.filter(number__gt=publication.number)
    current = conditions.current_publication(article)
    checks = (
        (later.exists(), "a newer version exists"),
        (current is not None and current.status != "live", f"the article is {current.status if current else ''}"),
        (Objection.objects.filter(article=article).still_open().exists(), "a safety objection is open"),
    )
    found = snapshots.findings_of(publication.snapshot, article, today=today)
    too_light = proposals.bars(article, publication.change_class, publication.snapshot)
    return (
        *(reason for bars, reason in checks if bars),
        *([too_light] if too_light else []),
        *(finding.message for finding in found if finding.severity == "block"),
        *lacking_today(publication),
        *struck_off_under(article, lambda pks: lacking_today(publication, without=pks)),
    )


@once
def seats_of(round: ReviewRound) -> list[quorum.Seat]:
    return seats_of_each([round])[round.pk]


def seats_of_each(rounds: Collection[ReviewRound]) -> dict[int, list[quorum.Seat]]:
    rows = ReviewAssignment.objects.filter(round__in=rounds).values_list("round_id", "member_id", "seat", "state")
    seats = ((round, quorum.Seat(member=member, kind=kind, state=state)) for round, member, kind, state in rows)
    return _grouped((round.pk for round in rounds), seats)


def signed_reviews(round: ReviewRound, *, without: Collection[int] = ()) -> list[quorum.SignedReview]:
    """The round's reviews with the standing that each signer had when they signed."""
    return [signed(review, without=without) for review in reviews_of(round)]


@once
def reviews_of(round: ReviewRound) -> list[Review]:
    return reviews_of_each([round])[round.pk]


def reviews_of_each(rounds: Collection[ReviewRound]) -> dict[int, list[Review]]:
    rows = Review.objects.filter(round__in=rounds)
    return _of_rounds(rounds, rows.select_related("signature__voided", "carried_from__signature__voided"))


def _of_rounds(rounds: Collection[ReviewRound], rows: Iterable[R]) -> dict[int, list[R]]:
    return _grouped((round.pk for round in rounds), ((row.round_id, row) for row in rows))


def _grouped(keys: Iterable[int], found: Iterable[tuple[int, R]]) -> dict[int, list[R]]:
    """What was found for each of the keys; an empty list for nothing."""
    groups: dict[int, list[R]] = {key: [] for key in keys}
    for key, row in found:
        groups[key].append(row)
    return groups


def signed(review: Review, *, without: Collection[int] = ()) -> quorum.SignedReview:
    """One review as the quorum sees it. One that was carried over stands on the signature of the earlier round."""
    signature = (review.carried_from or review).signature
    return quorum.SignedReview(
        member=review.member_id,
        verdict=review.verdict,
        digest=signature.digest,
        order=review.pk,
        specialties=frozenset(credential["specialty"] for credential in signature.standing["credentials"]),
        stands=not hasattr(signature, "voided") and signature.pk not in without,
    )


def settle(article: Article, round: ReviewRound, *, now: datetime) -> None:
    """Do what the records demand, as the system: approve and publish, send back, or wait."""
    decision = decision_of(round)
    if decision.satisfied or decision.sends_back:
        carry_out(article, round, decision, actor=User.system(), now=now)


def carry_out(
    article: Article,
    round: ReviewRound,
    decision: quorum.Decision,
    *,
    actor: User,
    now: datetime,
    confirmed: bool = False,
) -> None:
    """Do what was decided just now, under the article's lock.

    A blocking finding that has come up since submission, a class that is too light for what readers have by now, or a
    signer who was struck off since keeps the round open: the editor sees it. One who ``confirmed`` is refused in words.
    """
    if not confirmed and not conditions.not_ended(article):
        return  # no further version may follow; an editor closes the round
    if decision.satisfied:
        if not confirmed and _is_barred(article, round, today=now.date()):
            return
        approval = _approval(article, round)
        close(round, RoundOutcome.APPROVED, now=now)
        bare.approve(article, actor=actor, now=now, approval=approval)
        tell_authors(article, f"“{article.title}” was approved.", now=now)
    elif decision.sends_back:
        closed = close(round, RoundOutcome.CHANGES_REQUESTED, now=now)
        reason = "A reviewer asked for changes."
        bare.request_changes(article, actor=User.system(), now=now, reason=reason, closed=closed)
        tell_authors(article, f"“{article.title}”: a reviewer asked for changes.", now=now)


def _is_barred(article: Article, round: ReviewRound, *, today: date) -> bool:
    with asking_once():
        if any(finding.severity == "block" for finding in snapshots.frozen_findings(article, today=today)):
            return True
        stands = proposals.carries(article, round.rule["change_class"], article.frozen_snapshot)
        return not stands or bool(struck_off_in(round))


def close(round: ReviewRound, outcome: RoundOutcome, *, now: datetime) -> bare.RoundClosed:
    """Settle the round; whoever still owes a review is released."""
    for assignment in ReviewAssignment.objects.filter(round=round, state__in=sorted(OPEN)):
        assignment._release()
        assignment.ended_at, assignment.reason = now, f"round closed: {outcome}"
        assignment.save(update_fields=["state", "ended_at", "reason"])
        record("assignment.released", assignment.subject, reason=assignment.reason)
        if assignment.seat == SeatKind.ALTERNATE:
            continue  # never asked, so there is nothing to take back
        text = f"Your review of “{round.article.title}” isn't needed any more: the round is closed. Thank you."
        outbox.write("news", assignment.member.user, now=now, text=text, path="/admin/")
    round.closed_at, round.outcome = now, outcome
    round.save(update_fields=["closed_at", "outcome"])
    record("round.closed", round.subject, outcome=str(outcome), digest=round.digest)
    return bare.RoundClosed(round=round.number, outcome=str(outcome), digest=round.digest)


def tell_authors(article: Article, text: str, *, now: datetime) -> None:
    for author in article.authors.filter(is_active=True).select_related("mail_preferences"):
        outbox.write("news", author, now=now, text=text, path=article_path(article))


def article_path(article: Article) -> str:
    return path_of(article.pk)


def path_of(article: int) -> str:
    return f"/admin/articles/article/{article}/change/"


def _approval(article: Article, round: ReviewRound) -> bare.Approval:
    shown = evidence.of(article, round)
    if round.rule["change_class"] == ChangeClass.TYPOGRAPHIC:
        base = versions.made_from(article)
        reviewed = versions.reviewed_under(base) if base is not None else None
        under = round_under(reviewed) if reviewed is not None else None
        shown = evidence.carried(shown, evidence.of(article, under) if under is not None else None)
    return bare.Approval(
        round=round.number,
        digest=round.digest,
        rule=round.rule,
        evidence=shown,
        opened_at=round.opened_at,
        editorial_responsibility=evidence.responsible(article),
    )
