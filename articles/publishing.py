"""Publications, and their projection into the reader's own tables."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string

from articles import content, page, policy_page, versions
from articles.models import Article, Notice, Publication, PublicNotice, PublicPage, PublicPolicy
from articles.states import CURRENT, PublicationStatus
from articles.versions import was_shown
from editorial.models import EditorialPolicy, User
from editorial.verbs import record

if TYPE_CHECKING:
    from articles.workflow import Approval


def publish(article: Article, *, approval: "Approval", actor: User, now: datetime) -> Publication:
    """Write the version that was signed, and show it unless it waits for its day. Inside approve's transaction."""
    waits = article.publish_not_before is not None and article.publish_not_before > now
    publication = versions.written(article, approval, now, waits=waits)
    return _first_shown(publication, "scheduled" if waits else "published", actor=actor)


def bring_back(earlier: Publication, article: Article, *, actor: User, now: datetime, reason: str) -> Publication:
    """Show the text of an earlier version again, as a new version. The caller has checked its signatures."""
    publication = versions.brought_back(earlier, article, now)
    return _first_shown(publication, "restored", actor=actor, restored_from=earlier.number, reason=reason)


def _first_shown(publication: Publication, event: str, *, actor: User, **data: object) -> Publication:
    if publication.status == PublicationStatus.LIVE:
        _supersede_others(publication)
    publication.save()
    record(
        f"publication.{event}",
        publication.subject,
        records=(publication,),
        status=publication.status,
        digest=publication.digest,
        article=str(publication.article.uuid),
        **data,
    )
    if publication.status == PublicationStatus.LIVE:
        versions.mark(publication.article, publication, actor=actor)
    project(publication)
    return publication


def cancel_scheduled(article: Article) -> None:
    """A version that waits for its day won't be shown: the article is opened again, or was retracted."""
    for waiting in article.publications.filter(status=PublicationStatus.SCHEDULED):
        move(waiting, "cancel")


def release(publication: Publication, article: Article, *, actor: User) -> Publication:
    """Show a scheduled version whose day has come. The caller has checked quorum and findings again."""
    _supersede_others(publication)
    versions.mark(article, publication, actor=actor)
    publication.article = article
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


def refresh(article: Article, *, every: bool = False) -> None:
    """Let the current page, or ``every`` version's, say how the article stands. Called after every verb on it."""
    rows = article.publications.all() if every else article.publications.filter(status__in=sorted(CURRENT))
    for publication in rows:
        publication.article = article
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


def projected_notice(notice: Notice, publication: Publication) -> dict[str, object]:
    """The values that ``PublicNotice`` must hold for this notice."""
    context = {"notice": page.notice_page(notice, publication, removed=removal_of(publication) is not None), **_site()}
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
    removal = removal_of(publication)
    withheld = removal is not None or status == PublicationStatus.ON_HOLD
    snapshot = content.parse(publication.snapshot)
    withdrawn = page.withdrawn_from(publication)
    main = _instead(removal) if withheld else _main(publication, withdrawn)
    values: dict[str, object] = {
        "slug": publication.slug,
        "number": publication.number,
        "status": status,
        "is_current": status in CURRENT,
        "is_listed": status == PublicationStatus.LIVE,
        "title": "" if withheld else publication.title,
        "short_answer": "" if withheld else snapshot["short_answer"],
        "review_line": "" if withheld else page.review_line(publication, withdrawn),
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


def removal_of(publication: Publication) -> Notice | None:
    """The notice under which its article was removed: from then on no version of it shows a word."""
    notices = Notice.objects.filter(publication__article=publication.article_id, kind=Notice.Kind.REMOVAL)
    return notices.order_by("-issued_at").first()


def _instead(removal: Notice | None) -> str:
    """What stands in for a text that is on hold or was removed."""
    if removal is None:
        return render_to_string("articles/reader/held.html", _site())
    said = {"reason": removal.text, "removed_on": versions.day_of(removal.issued_at), "by": removal.shown_name}
    return render_to_string("articles/reader/removed.html", {**said, **_site()})


def _main(publication: Publication, withdrawn: Mapping[int, date]) -> str:
    context = page.of(
        publication,
        notices=list(publication.notices.order_by("-issued_at")),
        version_count=publication.number if publication.status in CURRENT else 0,
        standing=page.standing(publication),
        withdrawn=withdrawn,
    )
    return render_to_string("articles/reader/article.html", {"page": context, **_site()})


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
