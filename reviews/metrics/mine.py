"""What one member signed in a year, as they may show it to others: no verdict, and titles as they stood at signing."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from articles.models import Article, Publication
from articles.states import PublicationStatus
from editorial import clock
from editorial.models import BoardMember
from editorial.models.policy import ChangeClass
from reviews.metrics.tables import Table
from reviews.models import Review


@dataclass(frozen=True)
class Signed:
    """One review. ``title`` is the one that the member read, not what became of it since."""

    on: date
    title: str
    specialty: str
    kind: str
    public: bool
    voided: bool


def signed_in(member: BoardMember, year: int) -> list[Signed]:
    """Their reviews of a year as it ran in their own time zone, a review signed twice once, by its last signature."""
    zone = member.user.zone
    begin, end = (clock.first_instant(date(number, 1, 1), zone=zone) for number in (year, year + 1))
    later = Review.objects.filter(assignment=OuterRef("assignment"), carried_from=None, pk__gt=OuterRef("pk"))
    rows = _own(member).filter(~Exists(later), signed_at__gte=begin, signed_at__lt=end)
    read = Article.history.filter(id=OuterRef("round__article"), history_date__lte=OuterRef("round__opened_at"))
    shown = Publication.objects.filter(article=OuterRef("round__article"), digest=OuterRef("digest"))
    rows = rows.annotate(
        title=Subquery(read.order_by("-history_date", "-history_id").values("title")[:1]),
        public=Exists(shown.exclude(status=PublicationStatus.SCHEDULED)),
    )
    names = ("signed_at", "title", "assignment__specialty__name", "round__rule__change_class", "public")
    found = rows.order_by("signed_at", "pk").values_list(*names, "signature__voided")
    return [
        Signed(clock.day_in(zone, at), title or "", specialty or "", _kind(change), public, voided is not None)
        for at, title, specialty, change, public, voided in found
    ]


def years_of(member: BoardMember) -> list[int]:
    """Years in which they signed, the latest first, one row of the database for each; always with the member's own."""
    found = _own(member).datetimes("signed_at", "year", order="DESC", tzinfo=member.user.zone)
    return [at.year for at in found]


def table(lines: list[Signed]) -> Table:
    columns = (_("Signed on"), _("Article"), _("Specialty"), _("Kind"), _("Published"), _("Signature withdrawn"))
    rows = [(s.on.isoformat(), s.title, s.specialty, s.kind, _word(s.public), _word(s.voided)) for s in lines]
    return Table("reviews", columns, rows)


def _own(member: BoardMember) -> "QuerySet[Review]":
    return Review.objects.filter(member=member, carried_from=None)


def _kind(change: str | None) -> str:
    return str(ChangeClass(change).label) if change in ChangeClass.values else ""


def _word(true: bool) -> str:
    return _("yes") if true else _("no")
