"""What a new version's row says, by its change class, and what it settles of the article's marks."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from articles import changes, content
from articles.models import Article, Publication
from articles.states import CURRENT, ArticleState, PublicationStatus
from editorial import clock
from editorial.models import AuditEvent, User
from editorial.models.policy import FULL_CLASSES, ChangeClass
from editorial.verbs import save

if TYPE_CHECKING:
    from articles.workflow import Approval

FULL_REVIEW_WITHIN = timedelta(days=14)
"""How long an urgent version may stand without a full panel's review."""

HARMLESS = ("none", ChangeClass.TYPOGRAPHIC)


def written(article: Article, approval: "Approval", now: datetime, *, waits: bool) -> Publication:
    """The version that was signed, not saved yet; one that ``waits`` is scheduled for its day."""
    said = content.parse(article.frozen_snapshot)
    current_to = said["literature_current_to"]
    shown_at = article.publish_not_before if waits else now
    number = next_number(article)
    reviewed_on = day_of(now)
    values = {
        "article": article,
        "number": number,
        "slug": article.slug,
        "status": PublicationStatus.SCHEDULED if waits else PublicationStatus.LIVE,
        "title": said["title"],
        "digest": approval.digest,
        "snapshot": article.frozen_snapshot,
        "html": article.frozen_html,
        "evidence": approval.evidence,
        "policy": approval.rule,
        "change_class": approval.rule["change_class"],
        "change_note": said["change_note"],
        "conclusions_changed": said["conclusions_changed"],
        "reviewed_version": number,
        "editorial_responsibility": approval.editorial_responsibility,
        "publish_not_before": article.publish_not_before,
        "published_at": max(shown_at, article.publish_not_before or shown_at),
        "submitted_on": day_of(article.submitted_at),
        "review_opened_on": day_of(approval.opened_at),
        "last_updated": day_of(shown_at),
        "last_reviewed": reviewed_on,
        "next_review_due": clock.add_months(reviewed_on, approval.rule["re_review_months"]),
        "literature_current_to": date.fromisoformat(current_to) if current_to else None,
    }
    base = made_from(article) if number > 1 else None
    if values["change_class"] == ChangeClass.TYPOGRAPHIC and base is not None:
        values.update(_carried(base))
    elif base is not None and base.digest == approval.digest:
        values.update(
            last_updated=base.last_updated, change_note=_("Reviewed again, unchanged."), conclusions_changed=False
        )
    return Publication(**values)


def brought_back(earlier: Publication, article: Article, now: datetime) -> Publication:
    """A new live version with the text, the review and the review's dates of an ``earlier`` one, not saved yet."""
    kept = (
        *("slug", "title", "digest", "snapshot", "html", "evidence", "policy", "change_class", "basis"),
        *("reviewed_version", "editorial_responsibility", "submitted_on", "review_opened_on", "last_reviewed"),
        *("next_review_due", "literature_current_to"),
    )
    return Publication(
        article=article,
        number=next_number(article),
        status=PublicationStatus.LIVE,
        restored_from=earlier.number,
        change_note=_("Version %(number)s, brought back.") % {"number": earlier.number},
        conclusions_changed=None,
        published_at=now,
        last_updated=day_of(now),
        **{name: getattr(earlier, name) for name in kept},
    )


def current_of(publication: Publication) -> Publication:
    """The version that readers have of the same article, without its text; itself while there is none."""
    if publication.status in CURRENT:
        return publication
    rows = Publication.objects.filter(article=publication.article_id, status__in=sorted(CURRENT))
    return rows.defer("snapshot", "html", "evidence", "policy").first() or publication


def before(publication: Publication) -> Publication | None:
    """The version that readers had before this one, without its text."""
    earlier = Publication.objects.filter(article=publication.article_id, number__lt=publication.number)
    rows = earlier.exclude(status=PublicationStatus.SCHEDULED).order_by("-number")
    light = rows.only("article_id", "number", "publish_not_before")
    return next((row for row in light.iterator(chunk_size=5) if was_shown(row)), None)


def made_from(article: Article) -> Publication | None:
    """The version that readers have, from which the next one is made."""
    return article.publications.filter(status__in=sorted(CURRENT)).first()


def reviewed_under(publication: Publication) -> Publication | None:
    """The version whose review stands under this one: itself, or for a carried one an earlier version."""
    if publication.basis != Publication.Basis.CARRIED:
        return publication
    return Publication.objects.filter(article=publication.article_id, number=publication.reviewed_version).first()


def bars_carrying(reviewed: Publication | None, snapshot: str) -> tuple[str, ...]:
    """Why the review of ``reviewed`` doesn't cover ``snapshot``; empty when the difference is typographic."""
    if reviewed is None:
        return (_("an earlier version that was reviewed"),)
    judged = changes.judge(content.parse(reviewed.snapshot), content.parse(snapshot))
    if judged.floor in HARMLESS:
        return ()
    return (_("a difference to version %(number)s that is only typographic") % {"number": reviewed.number},)


def mark(article: Article, publication: Publication, *, actor: User) -> None:
    """Settle what the article's row says of the version that readers now get.

    A version that is brought back while a revision is under way doesn't settle what the hold asks of that one.
    """
    shown_on = day_of(publication.published_at)
    wanted: dict[str, Any] = {
        "full_review_by": _full_review_by(article, shown_on) if owes_full_review(publication) else None,
        "quorum_lost_at": None,
        "follow_up_required": article.follow_up_required and article.state != ArticleState.APPROVED,
        "retired_at": None,
        "successor_id": None,
    }
    if any(getattr(article, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(article, name, value)
        save(article, actor=actor, reason=f"version {publication.number}")


def owes_full_review(publication: Publication) -> bool:
    """Whether an urgent version stands in its line with no full review since. Light classes leave it owed."""
    if publication.change_class in FULL_CLASSES and not publication.restored_from:
        return False
    earlier = Publication.objects.filter(article=publication.article_id, number__lt=publication.number)
    needed = earlier.only("article_id", "number", "change_class", "restored_from", "publish_not_before")
    rows = {row.number: row for row in needed if was_shown(row)} | {publication.number: publication}
    number = publication.number
    while number:
        row = rows.get(number)
        if row is not None and row.restored_from:
            number = row.restored_from
            continue
        if row is not None and row.change_class in (*FULL_CLASSES, ChangeClass.URGENT):
            return bool(row.change_class == ChangeClass.URGENT)
        number -= 1
    return False


def was_shown(publication: Publication) -> bool:
    """Whether readers ever had this version; one that was cancelled while it waited never was on the site."""
    if not publication.publish_not_before:
        return True
    shown = ("publication.publish", "publication.published")
    return AuditEvent.objects.filter(subject=publication.subject, kind__in=shown).exists()


def first_shown_on(publication: Publication) -> date:
    """The day on which readers had the first version of its article."""
    if publication.number == 1:
        return publication.last_updated
    earlier = Publication.objects.filter(article=publication.article_id, number__lt=publication.number)
    rows = earlier.only("article_id", "number", "publish_not_before", "last_updated").order_by("number")
    return next((row.last_updated for row in rows if was_shown(row)), publication.last_updated)


def _full_review_by(article: Article, shown_on: date) -> date:
    """A second urgent version doesn't move a day that still lies ahead."""
    standing = article.full_review_by
    return standing if standing and standing >= shown_on else shown_on + FULL_REVIEW_WITHIN


def next_number(article: Article) -> int:
    last = article.publications.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def day_of(instant: datetime) -> date:
    """The day in the publisher's time zone, which every date that readers see is in."""
    return timezone.localtime(instant).date()


def _carried(base: Publication) -> dict[str, Any]:
    """Nobody reviewed a typographic version again, so it keeps what the reviewed one says of its review.

    Nor did anybody qualified read its note, which would stand under their names: readers get words of ours.
    """
    kept = ("reviewed_version", "submitted_on", "review_opened_on", "last_reviewed", "next_review_due")
    said = {"basis": Publication.Basis.CARRIED, "change_note": _("Typing alone: no word changed its meaning.")}
    return {**said, **{name: getattr(base, name) for name in kept}}
