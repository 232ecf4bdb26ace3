"""Which change class a revision gets: proposed while it is written, judged when it is submitted and ever after."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import changes, conditions, content, snapshots, versions
from articles.models import Article, Publication
from articles.states import PublicationStatus
from editorial.conditions import YES, Condition, Refused, no
from editorial.models import EditorialPolicy, ReviewRule
from editorial.models.policy import ChangeClass
from editorial.once import once

WEIGHED = (ChangeClass.TYPOGRAPHIC, ChangeClass.CORRECTION, ChangeClass.UPDATE)
"""The classes of a revision, from the lightest. A heavier one may always be chosen."""


@dataclass(frozen=True)
class Proposal:
    """What the text differs from, the lightest class for that and why, and what may be chosen.

    ``floor`` is empty where nothing differs; ``base`` is None for an article that readers never had.
    """

    base: Publication | None
    floor: str
    reasons: tuple[str, ...]
    allowed: tuple[str, ...]

    @property
    def label(self) -> str:
        return str(ChangeClass(self.floor).label) if self.floor else ""


def of(article: Article, *, snapshot: snapshots.Snapshot | None = None, frozen: str = "") -> Proposal:
    """Judge the text as it stands now, or as it was ``frozen``, against the version that it would follow today."""
    base = base_of(article)
    if base is None:
        return Proposal(None, ChangeClass.NEW, (), (ChangeClass.NEW,))
    values = content.parse(frozen) if frozen else (snapshot or snapshots.of(article)).values
    judged = changes.judge(content.parse(base.snapshot), values)
    if judged.is_unchanged:
        return Proposal(base, "", (), ())
    floor, reasons = _as_the_page_stands(base, article, *_against_what_was_reviewed(base, judged, article, values))
    mends = (ChangeClass.URGENT,) if base.status == PublicationStatus.ON_HOLD else ()
    return Proposal(base, floor, reasons, WEIGHED[WEIGHED.index(ChangeClass(floor)) :] + mends)


def bars(article: Article, change_class: str, frozen: str, proposal: Proposal | None = None) -> str:
    """Why a frozen text can't follow as this class what readers have today; empty when it can.

    The version that it was judged against at submit may have been brought back, held, lifted or put in doubt since.
    A text that differs from nothing confirms the page: by the full quorum, or as a reaffirmation of a sound one.
    """
    proposal = proposal or of(article, frozen=frozen)
    base = proposal.base
    if change_class in proposal.allowed:
        return ""
    if base is None or proposal.floor:
        return refusal_of(proposal, change_class)
    sound = base.status == PublicationStatus.LIVE and not article.quorum_lost_at
    same = sound and base.digest == content.digest(frozen)
    if change_class == ChangeClass.UPDATE or (change_class == ChangeClass.REAFFIRMATION and same):
        return ""
    return _(
        "Nothing differs from version %(number)s, and the page doesn't stand as it did when this began: discard the "
        "revision and ask the board to confirm the page."
    ) % {"number": base.number}


def carries(article: Article, change_class: str, frozen: str) -> Condition:
    """A frozen text may still follow as this class what readers have today."""
    proposal = of(article, frozen=frozen)
    why = bars(article, change_class, frozen, proposal)
    if not why:
        return YES
    values = {"why": why, "label": ChangeClass(change_class).label}
    if not proposal.floor:
        return no(_("It can't go on as “%(label)s” any more. %(why)s Unlock it for that.") % values)
    return no(_("It can't go on as “%(label)s” any more. %(why)s Unlock it and submit it again.") % values)


@once
def base_of(article: Article) -> Publication | None:
    """The current publication, else the newest that readers ever had."""
    if conditions.current_status(article):
        return conditions.current_publication(article)
    earlier = conditions.versions_of(article)
    return next((publication for publication in earlier if versions.was_shown(publication)), None)


def chosen(proposal: Proposal, choice: str) -> str:
    """The class that a submission gets. Raises Refused, naming what makes the difference heavier."""
    base = proposal.base
    if base is not None and not proposal.floor:
        raise Refused(
            _(
                "Nothing was changed since version %(number)s. Change the text, or discard the revision and ask the "
                "board to confirm it."
            )
            % {"number": base.number}
        )
    if not choice or choice in proposal.allowed:
        return choice or proposal.floor
    raise Refused(refusal_of(proposal, choice))


def refusal_of(proposal: Proposal, choice: str) -> str:
    """Why this class can't be chosen, and which can."""
    if choice not in ChangeClass.values:
        why = _("“%(choice)s” isn't a change class.") % {"choice": choice}
    elif proposal.base is None:
        why = _("Readers never had a version of this article, so it is a new one.")
    elif choice == ChangeClass.NEW:
        why = _("Version %(number)s came before, so this isn't a new article.") % {"number": proposal.base.number}
    elif choice == ChangeClass.REAFFIRMATION:
        why = _("A reaffirmation has no change: discard the revision and ask the board to confirm the page.")
    elif choice == ChangeClass.URGENT:
        why = _("Urgent mends a page that is on hold, and version %(number)s isn't.") % {"number": proposal.base.number}
    else:
        why = _("“%(choice)s” is too light for this change. %(reasons)s") % {
            "choice": ChangeClass(choice).label,
            "reasons": " ".join(proposal.reasons),
        }
    labels = ", ".join(str(ChangeClass(value).label) for value in proposal.allowed)
    return _("%(why)s Possible: %(labels)s.") % {"why": why, "labels": labels}


def quorum_of(article: Article, change_class: str, *, today: date) -> str:
    """In words who has to sign a change of this class under today's policy; empty where there is no rule."""
    policy = EditorialPolicy.in_force(today)
    rules = policy.rules if policy else ReviewRule.objects.none()
    rule = rules.filter(risk_tier=article.effective_risk, change_class=change_class).first()
    return "; ".join(_parts_of(rule)) if rule else ""


def _parts_of(rule: ReviewRule) -> list[str]:
    parts = []
    if rule.approvals:
        signed = ngettext("%(count)s reviewer signs", "%(count)s reviewers sign", rule.approvals)
        parts.append(signed % {"count": rule.approvals})
    if rule.in_specialty:
        inside = ngettext("%(count)s in the specialty", "%(count)s in the specialty", rule.in_specialty)
        parts[-1:] = [
            _("%(signed)s, %(inside)s") % {"signed": parts[-1], "inside": inside % {"count": rule.in_specialty}}
        ]
    if rule.chief_confirms:
        parts.append(_("a chief editor confirms"))
    elif rule.editor_confirms and rule.change_class == ChangeClass.TYPOGRAPHIC:
        parts.append(_("a second editor confirms"))
    elif rule.editor_confirms:
        parts.append(_("the editor confirms"))
    return parts


def _as_the_page_stands(
    base: Publication, article: Article, floor: str, reasons: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """What happened to the page may weigh more than the words that differ."""
    if article.quorum_lost_at and floor != ChangeClass.UPDATE:
        lost = _("A signature under the page was withdrawn and its quorum is lost, so the full panel has to sign.")
        return ChangeClass.UPDATE, (lost, *reasons)
    if floor != ChangeClass.TYPOGRAPHIC:
        return floor, reasons
    if base.status == PublicationStatus.ON_HOLD or article.follow_up_required:
        why = _("The page was taken off the site: what follows is never typographic.")
    elif base.status != PublicationStatus.LIVE:
        why = _("The page isn't kept up any more: what follows is never typographic.")
    else:
        return floor, reasons
    return ChangeClass.CORRECTION, (why, *reasons)


def _against_what_was_reviewed(
    base: Publication, judged: changes.Judgement, article: Article, values: dict[str, object]
) -> tuple[str, tuple[str, ...]]:
    """A carried version was reviewed as an earlier one, so the difference from that one counts too."""
    if base.basis == Publication.Basis.CARRIED and judged.floor == "typographic":
        reviewed = article.publications.get(number=base.reviewed_version)
        earlier = changes.judge(content.parse(reviewed.snapshot), values)
        if changes.heavier(earlier.floor, judged.floor) != judged.floor:
            return earlier.floor, earlier.reasons
    return judged.floor, judged.reasons
