"""A source that stands in the library twice: what is known of one entry holds for the other."""

from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from articles.models import Citation, Reference

GRAVE = (Reference.Status.RETRACTED, Reference.Status.WITHDRAWN)


def grave(at: str = "") -> Coalesce:
    """“retracted” or “withdrawn” where an entry with the same DOI or PMID is; else nothing. To annotate with ``grave``.

    ``at``: where the source stands from the row that is asked for, such as ``reference__``.
    """
    same_doi = Q(doi=OuterRef(f"{at}doi")) & ~Q(doi="")
    same_pmid = Q(pmid=OuterRef(f"{at}pmid")) & ~Q(pmid="")
    found = Reference.objects.filter(same_doi | same_pmid, status__in=GRAVE).order_by("pk")
    return Coalesce(Subquery(found.values("status")[:1]), Value(""))


def status_of(citation: Citation) -> str:
    """What the library says of a cited source, by whichever entry; as far as ``grave`` was asked for."""
    own = citation.reference.status
    known = getattr(citation, "grave", "") or getattr(citation.reference, "grave", "")
    return own if own in GRAVE else known or own
