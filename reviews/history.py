"""Earlier texts of an article that a member compares with the one they are asked about."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.models import Publication
from editorial import clock
from reviews.models import Review, ReviewAssignment, ReviewRound


@dataclass(frozen=True)
class Earlier:
    """A text to compare with, or in words why there is nothing to compare."""

    title: str
    snapshot: str = ""
    note: str = ""


def earlier_texts(assignment: ReviewAssignment) -> list[Earlier]:
    """The last approved text, then the one that this member judged last; each text once."""
    round = assignment.round
    found = []
    approved = Publication.objects.filter(article=round.article_id).order_by("-number").first()
    if approved is not None:
        title = _("What changed since the last approval (version %(number)s)") % {"number": approved.number}
        found.append(_compared(title, approved.snapshot, approved.digest, round))
    judged = (
        Review.objects.filter(member=assignment.member_id, round__article=round.article_id, carried_from=None)
        .exclude(round=round)
        .select_related("round")
        .order_by("-signed_at", "-id")
        .first()
    )
    if judged is not None and (approved is None or judged.digest != approved.digest):
        title = _("What changed since your last review (round %(number)s, %(day)s)") % {
            "number": judged.round.number,
            "day": clock.shown(judged.signed_at.date()),
        }
        found.append(_compared(title, _text_of(judged.round), judged.digest, round))
    return found


def _compared(title: str, snapshot: str, digest: str, round: ReviewRound) -> Earlier:
    if digest == round.digest:
        return Earlier(title, note=_("Nothing: it is the same text, to the last character."))
    if not snapshot:
        return Earlier(title, note=_("That text wasn't kept, so it can't be compared. Read all of it again, please."))
    return Earlier(title, snapshot=snapshot)


def _text_of(round: ReviewRound) -> str:
    """The text of an earlier round; of rounds that kept none, what was published of it."""
    if round.snapshot:
        return round.snapshot
    published = Publication.objects.filter(article=round.article_id, digest=round.digest).first()
    return published.snapshot if published else ""
