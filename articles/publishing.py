"""Publications, and their projection into the reader's own tables."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import content, page, policy_page
from articles.models import Article, Notice, Publication, PublicNotice, PublicPage, PublicPolicy
from articles.states import CURRENT, ArticleState, PublicationStatus
from editorial import clock
from editorial.models import AuditEvent, EditorialPolicy
from editorial.verbs import record

if TYPE_CHECKING:
    from articles.workflow import Approval


def publish(article: Article, *, approval: "Approval", now: datetime) -> Publication:
    """Write the version that was signed, and show it unless it waits for its day. Inside approve's transaction."""
    waits = article.publish_not_before is not None and article.publish_not_before > now
    publication = _written(article, approval, now, PublicationStatus.SCHEDULED if waits else PublicationStatus.LIVE)
    if not waits:
        _supersede_others(publication)
    publication.save()
    kind = "publication.scheduled" if waits else "publication.published"
    record(
        kind,
        publication.subject,
        records=(publication,),
        status=publication.status,
        digest=publication.digest,
        article=str(article.uuid),
    )
    project(publication)
    return publication


def cancel_scheduled(article: Article) -> None:
    """A version that waits for its day won't be shown: the article is opened again, or was retracted."""
    for waiting in article.publications.filter(status=PublicationStatus.SCHEDULED):
        move(waiting, "cancel")


def release(publication: Publication) -> Publication:
    """Show a scheduled version whose day has come. The caller has checked quorum and findings again."""
    _supersede_others(publication)
    move(publication, "publish")
    return publication


def move(publication: Publication, verb: str, **data: object) -> None:
    """Move the status, record it, and let the reader's tables follow."""
    {
        "publish": publication._publish,
        "supersede": publication._supersede,
        "cancel": publication._cancel,
        "hold": publication._hold,
        "lift": publication._lift,
        "retract": publication._retract,
        "retire": publication._retire,
        "remove": publication._remove,
    }[verb]()
    publication.save(update_fields=["status"])
    record(f"publication.{verb}", publication.subject, status=publication.status, digest=publication.digest, **data)
    project(publication)


def refresh(article: Article) -> None:
    """Let the current page say whether an update is under review. Called after every verb on the article."""
    for publication in article.publications.filter(status__in=sorted(CURRENT)):
        project(publication)


def project(publication: Publication) -> None:
    """Make the publication's rows in the reader's tables afresh; a scheduled one has none."""
    if publication.status == PublicationStatus.SCHEDULED:
        return
    if publication.status == PublicationStatus.SUPERSEDED and not was_shown(publication):
        return
    values = projected(publication)
    PublicPage.objects.update_or_create(publication=publication, defaults=values)
    for notice in publication.notices.all():
        PublicNotice.objects.update_or_create(uuid=notice.uuid, defaults=projected_notice(notice, publication))


def was_shown(publication: Publication) -> bool:
    """Whether readers ever had this version; one that was cancelled while it waited never was on the site."""
    if not publication.publish_not_before:
        return True
    shown = ("publication.publish", "publication.published")
    return AuditEvent.objects.filter(subject=publication.subject, kind__in=shown).exists()


def projected_notice(notice: Notice, publication: Publication) -> dict[str, object]:
    """The values that ``PublicNotice`` must hold for this notice."""
    context = {"notice": page.notice_page(notice, publication), **_site()}
    return {
        "slug": publication.slug,
        "number": publication.number,
        "title": str(notice.get_kind_display()),
        "main_html": render_to_string("articles/reader/notice.html", context),
        "issued_at": notice.issued_at,
    }


def projected(publication: Publication) -> dict[str, object]:
    """The values that ``PublicPage`` must hold for this publication; verification compares them."""
    status = publication.status
    withheld = status in (PublicationStatus.ON_HOLD, PublicationStatus.REMOVED)
    main = render_to_string("articles/reader/held.html", _site()) if withheld else _main(publication)
    snapshot = content.parse(publication.snapshot)
    values: dict[str, object] = {
        "slug": publication.slug,
        "number": publication.number,
        "status": status,
        "is_current": status in CURRENT,
        "is_listed": status == PublicationStatus.LIVE,
        "title": "" if withheld else publication.title,
        "short_answer": "" if withheld else snapshot["short_answer"],
        "review_line": "" if withheld else page.review_line(publication),
        "topics": [] if withheld else snapshot["topics"],
        "main_html": main,
        "digest": publication.digest,
        "last_updated": publication.last_updated,
        "last_reviewed": publication.last_reviewed,
        "next_review_due": publication.next_review_due,
        "published_at": publication.published_at,
    }
    values["fingerprint"] = hashlib.sha256(f"{status}\n{publication.digest}\n{main}".encode()).hexdigest()
    return values


def _main(publication: Publication) -> str:
    context = page.of(
        publication,
        notices=list(publication.notices.order_by("-issued_at")),
        version_count=publication.number if publication.status in CURRENT else 0,
        update=_update_sentence(publication),
    )
    return render_to_string("articles/reader/article.html", {"page": context, **_site()})


def _update_sentence(publication: Publication) -> str:
    under_way = (ArticleState.SUBMITTED, ArticleState.UNDER_REVIEW, ArticleState.CHANGES_REQUESTED)
    if publication.status != PublicationStatus.LIVE or publication.article.state not in under_way:
        return ""
    return _("You are reading the version approved on %(day)s.") % {"day": clock.shown(publication.last_reviewed)}


def _day_of(instant: datetime) -> date:
    """The day in the publisher's time zone, which every date that readers see is in."""
    return timezone.localtime(instant).date()


def _written(article: Article, approval: "Approval", now: datetime, status: PublicationStatus) -> Publication:
    said = content.parse(article.frozen_snapshot)
    current_to = said["literature_current_to"]
    last = article.publications.order_by("-number").first()
    shown_at = max(now, article.publish_not_before) if article.publish_not_before else now
    number = last.number + 1 if last else 1
    return Publication(
        article=article,
        number=number,
        slug=article.slug,
        status=status,
        title=said["title"],
        digest=approval.digest,
        snapshot=article.frozen_snapshot,
        html=article.frozen_html,
        evidence=approval.evidence,
        policy=approval.rule,
        change_class=article.change_class,
        change_note=said["change_note"],
        conclusions_changed=said["conclusions_changed"],
        reviewed_version=number,
        editorial_responsibility=approval.editorial_responsibility,
        publish_not_before=article.publish_not_before,
        published_at=shown_at,
        submitted_on=_day_of(article.submitted_at),
        review_opened_on=_day_of(approval.opened_at),
        last_updated=_day_of(shown_at),
        last_reviewed=_day_of(now),
        next_review_due=clock.add_months(_day_of(now), approval.rule["re_review_months"]),
        literature_current_to=date.fromisoformat(current_to) if current_to else None,
    )


def _supersede_others(publication: Publication) -> None:
    others = Publication.objects.filter(article=publication.article_id, status__in=["live", "on_hold", "retired"])
    for other in others.exclude(pk=publication.pk):
        move(other, "supersede", by=publication.number)


def _site() -> dict[str, str]:
    return {"site_name": settings.SITE_NAME}


def differences(publication: Publication) -> list[str]:
    """Fields in which the reader's row isn't what this publication projects to; ``missing`` without a row."""
    shown = PublicPage.objects.filter(publication=publication).first()
    if publication.status == PublicationStatus.SCHEDULED:
        return ["shown too early"] if shown else []
    if shown is None:
        return ["missing"] if publication.status != PublicationStatus.SUPERSEDED or was_shown(publication) else []
    differing = [name for name, value in projected(publication).items() if getattr(shown, name) != value]
    for notice in publication.notices.all():
        row = PublicNotice.objects.filter(uuid=notice.uuid).first()
        expected = projected_notice(notice, publication)
        if row is None or any(getattr(row, name) != value for name, value in expected.items()):
            differing.append(f"notice {notice.uuid}")
    return differing


def projected_policy(policy: EditorialPolicy, versions: Sequence[EditorialPolicy]) -> dict[str, object]:
    """The values that ``PublicPolicy`` must hold for this version. ``versions``: all of them, the newest first."""
    main = render_to_string("articles/reader/policy.html", {**policy_page.of(policy, versions), **_site()})
    return {"in_force_from": policy.in_force_from, "main_html": main}


def policy_differences() -> Iterator[tuple[str, str]]:
    """Rows of the reader's policy table that say something else than the policies do, with what is wrong."""
    versions = policy_page.versions()
    known = {policy.version: policy for policy in versions if policy.disabled_at is None}
    rows = {row.version: row for row in PublicPolicy.objects.all()}
    for version in known.keys() - rows.keys():
        yield f"PublicPolicy {version}", "is missing; run `manage.py rebuild_public`"
    for row in rows.values():
        policy = known.get(row.version)
        if policy is None:
            yield f"PublicPolicy {row.version}", "is shown, and no such version stands"
        elif any(getattr(row, name) != value for name, value in projected_policy(policy, versions).items()):
            yield f"PublicPolicy {row.version}", "isn't what the policy says"


def project_policies() -> str:
    """Every version of the policy that stands into the reader's table. Each page names the others."""
    versions = policy_page.versions()
    standing = [policy for policy in versions if policy.disabled_at is None]
    for policy in standing:
        values = projected_policy(policy, versions)
        PublicPolicy.objects.update_or_create(version=policy.version, defaults=values)
    PublicPolicy.objects.exclude(version__in=[policy.version for policy in standing]).delete()
    return f"{len(standing)} shown"
