"""What became of a page's sources after it was published, as the library says today."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import content
from articles.models import Article, Citation, Publication, Reference
from articles.twins import GRAVE
from editorial.once import once

Status = Reference.Status
LABELS = {
    Status.RETRACTED: gettext_lazy("Retracted"),
    Status.WITHDRAWN: gettext_lazy("Withdrawn"),
    Status.CONCERN: gettext_lazy("Expression of concern"),
    Status.CORRECTED: gettext_lazy("Corrected"),
    Status.SUPERSEDED: gettext_lazy("Superseded"),
}
"""Statuses that readers are told of, beside the source."""


def of(publication: Publication) -> dict[str, dict[str, Any]]:
    """By the key of the citation: a label, whether it is grave, and a note; of sources with nothing to tell, nothing.

    A source is the one that the article cited by then, and that says the same of itself as the frozen text does.
    """
    alerted = alerted_by(publication)
    if not alerted:
        return {}
    return {
        citation["key"]: _alert(reference)
        for citation in content.parse(publication.snapshot)["citations"]
        if (reference := next((each for each in alerted if _is(each, citation["csl"])), None)) is not None
    }


@once
def alerted_by(publication: Publication) -> list[Reference]:
    """What the article cited by the time of this version and has something to tell today."""
    return alerted_by_each([publication])[0]


def alerted_by_each(publications: Sequence[Publication]) -> list[list[Reference]]:
    """The same for several, in two queries at most."""
    articles = {each.article_id for each in publications}
    rows = Citation.history.filter(article_id__in=articles).order_by()
    alerted = Reference.objects.filter(pk__in=rows.values("reference_id"), status__in=list(LABELS))
    found = list(alerted.select_related("superseded_by"))
    if not found:
        return [[] for _each in publications]
    since: dict[tuple[int, int], datetime] = {}
    cited = rows.filter(reference_id__in=[reference.pk for reference in found])
    for article, reference, at in cited.values_list("article_id", "reference_id", "history_date"):
        since[article, reference] = min(at, since.get((article, reference), at))
    return [
        [
            reference
            for reference in found
            if (began := since.get((each.article_id, reference.pk))) and began <= each.published_at
        ]
        for each in publications
    ]


def articles_citing(reference: Reference) -> QuerySet[Article]:
    """Articles with pages for readers that cite it, or once did. To be called with their rows about to change."""
    cited = Citation.history.filter(reference_id=reference.pk).values("article_id")
    shown = Publication.objects.filter(article__in=cited).values("article_id")
    return Article.objects.filter(pk__in=shown).order_by("pk")


def speaks_to_readers(reference: Reference) -> bool:
    """Readers have pages that cite it, or may be told that it takes another source's place: its name decides which
    label stands where, and is itself what they are told.
    """
    return articles_citing(reference).exists() or reference.supersedes.exists()


def _alert(reference: Reference) -> dict[str, Any]:
    status = Status(reference.status)
    newer = reference.superseded_by if status == Status.SUPERSEDED else None
    return {
        "label": str(LABELS[status]),
        "is_grave": status in GRAVE,
        "note": _("Superseded by: %(title)s") % {"title": newer} if newer else "",
    }


def _is(reference: Reference, csl: dict[str, Any]) -> bool:
    for name, value in (("DOI", reference.doi), ("PMID", reference.pmid)):
        if value and csl.get(name):
            return bool(value.lower() == str(csl[name]).lower())
    return bool(reference.title == csl.get("title"))
