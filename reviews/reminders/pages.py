"""What becomes due for pages that readers have, and for those who vouch for them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from articles.models import Article, Citation, Publication, Reference
from articles.states import ArticleState, PublicationStatus
from editorial.models import Credential
from reviews import decisions
from reviews.models import ReminderRule
from reviews.reminders.owed import Duty, Owed, house_day, house_zone

ALERTS = (
    Reference.Status.RETRACTED,
    Reference.Status.WITHDRAWN,
    Reference.Status.CONCERN,
    Reference.Status.CORRECTED,
)
"""What happened to a source that an editor has to look at."""


def _on(article: Article, due: date, *, target: str, version: str, **values: Any) -> Owed:
    path = decisions.article_path(article)
    named = {"title": article.title, "path": path, "article": article, "zone": house_zone()}
    return Owed(target=target, version=version, due=due, **{**named, **values})


def _is_live(article: str) -> Exists:
    return Exists(Publication.objects.filter(article=OuterRef(article), status=PublicationStatus.LIVE))


class CredentialExpiry(Duty):
    trigger = ReminderRule.Trigger.CREDENTIAL_EXPIRY
    kind = "credential"

    def rows(self) -> QuerySet[Any]:
        later = Credential.objects.filter(
            member=OuterRef("member"), specialty=OuterRef("specialty"), expires_on__gt=OuterRef("expires_on")
        )
        renewed = Exists(later.exclude(verified_on=None).exclude(verified_by=None))
        rows = Credential.objects.select_related("member__user", "specialty").prefetch_related("member__absences")
        return rows.annotate(renewed=renewed)

    def due_by(self, latest: date) -> QuerySet[Any]:
        rows = self.rows().filter(renewed=False, member__left_on=None, member__user__is_active=True)
        return rows.filter(expires_on__lte=latest).order_by("expires_on", "pk")

    def gone(self, row: Any) -> str:
        member = row.member
        return "the member left the board" if member.left_on else "the licence was renewed" if row.renewed else ""

    def owed(self, row: Any, shared: Any, now: datetime) -> Owed:
        user = row.member.user
        return Owed(
            target=self.target(row),
            version=str(row.expires_on),
            due=row.expires_on,
            zone=user.time_zone,
            title=str(row),
            path=reverse("admin:editorial_boardmember_change", args=[row.member_id]),
            own_path=reverse("admin:index"),
            members=(user,),
            who=user.shown_name,
            away=tuple((absence.first_day, absence.last_day) for absence in row.member.absences.all()),
        )


class ReReviewDue(Duty):
    trigger = ReminderRule.Trigger.RE_REVIEW_DUE
    kind = "publication"
    joins = True

    def rows(self) -> QuerySet[Any]:
        return Publication.objects.select_related("article__handling_editor")

    def due_by(self, latest: date) -> QuerySet[Any]:
        rows = self.rows().filter(status=PublicationStatus.LIVE, article__state=ArticleState.APPROVED)
        return rows.filter(next_review_due__lte=latest).order_by("next_review_due", "pk")

    def unplanned(self, rows: QuerySet[Any], rule_pk: int, occurrence: int) -> QuerySet[Any]:
        """A page may stand past its day for years: it is read again for none of the steps that have their row."""
        return self.without_row(rows, rule_pk, occurrence, "next_review_due")

    def gone(self, row: Any) -> str:
        if row.status != PublicationStatus.LIVE:
            return f"the version is {row.get_status_display()}"
        return "" if row.article.state == ArticleState.APPROVED else "its next version is in work"

    def owed(self, row: Any, shared: Any, now: datetime) -> Owed:
        day = row.next_review_due
        return _on(row.article, day, target=self.target(row), version=str(day))


class FullReviewDue(Duty):
    trigger = ReminderRule.Trigger.FULL_REVIEW_DUE
    kind = "article"

    def rows(self) -> QuerySet[Any]:
        return Article.objects.select_related("handling_editor").annotate(is_live=_is_live("pk"))

    def due_by(self, latest: date) -> QuerySet[Any]:
        return self.rows().filter(is_live=True, full_review_by__lte=latest).order_by("full_review_by", "pk")

    def gone(self, row: Any) -> str:
        if not row.is_live:
            return "the page isn't live"
        return "" if row.full_review_by else "the full panel has reviewed it"

    def owed(self, row: Any, shared: Any, now: datetime) -> Owed:
        return _on(row, row.full_review_by, target=self.target(row), version=str(row.full_review_by))


class ReferenceAlert(Duty):
    """A page cites a source that got an alert in the library. It stands until the article is revised or held."""

    trigger = ReminderRule.Trigger.REFERENCE_ALERT
    kind = "reference"
    urgent = True
    joins = True

    def rows(self) -> QuerySet[Any]:
        rows = Citation.objects.select_related("reference", "article__handling_editor")
        return rows.annotate(is_live=_is_live("article"))

    def due_by(self, latest: date) -> QuerySet[Any]:
        rows = self.rows().filter(is_live=True, article__state=ArticleState.APPROVED, reference__status__in=ALERTS)
        dated = rows.filter(Q(reference__status_checked_on=None) | Q(reference__status_checked_on__lte=latest))
        known = Q(cited_because_retracted=True, reference__status=Reference.Status.RETRACTED)
        return dated.exclude(known).order_by(F("reference__status_checked_on").asc(nulls_last=True), "pk")

    def unplanned(self, rows: QuerySet[Any], rule_pk: int, occurrence: int) -> QuerySet[Any]:
        """An alert stands until somebody acts on it: at each sweep it is read for what has no row yet, and no more."""
        return self.without_row(rows, rule_pk, occurrence, "reference__status")

    def target_in_sql(self) -> Concat:
        source, article = (Cast(OuterRef(name), CharField()) for name in ("reference_id", "article_id"))
        return Concat(Value("reference:"), source, Value("/article:"), article, output_field=CharField())

    def target(self, row: Any) -> str:
        return f"reference:{row.reference_id}/article:{row.article_id}"

    def found(self, targets: Iterable[str]) -> list[Any]:
        pairs = [tuple(int(part.partition(":")[2]) for part in target.split("/")) for target in targets]
        references, articles = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
        return list(self.rows().filter(reference__in=references, article__in=articles))

    def gone(self, row: Any) -> str:
        status = row.reference.status
        checks = (
            (not row.is_live, "the page isn't live"),
            (row.article.state != ArticleState.APPROVED, "its next version is in work"),
            (status not in ALERTS, "the source has no alert any more"),
            (
                row.cited_because_retracted and status == Reference.Status.RETRACTED,
                "it is cited because it was retracted",
            ),
        )
        return next((reason for fails, reason in checks if fails), "")

    def owed(self, row: Any, shared: Any, now: datetime) -> Owed:
        """An alert that nobody dated counts from today."""
        reference = row.reference
        due = reference.status_checked_on or house_day(now)
        detail = f"“{reference}”: {reference.get_status_display()}"
        return _on(row.article, due, target=self.target(row), version=reference.status, detail=detail)
