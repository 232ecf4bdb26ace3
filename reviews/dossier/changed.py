"""The word-level differences between one version and the next, each as a page of its own."""

from collections.abc import Iterator
from itertools import pairwise

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from articles import content, differences
from articles.models import Publication
from reviews.dossier.records import Full


def pages(reading: Full) -> Iterator[tuple[str, str]]:
    """A file's name and its HTML for each pair of versions whose texts are both in the dossier."""
    readable = [p for p in reading.publications() if reading.shows_text(p)]
    for before, after in pairwise(readable):
        yield f"differences/{before.number}-to-{after.number}.html", _page(before, after)


def _page(before: Publication, after: Publication) -> str:
    try:
        fields = differences.between(content.parse(before.snapshot), content.parse(after.snapshot))
        unreadable = ""
    except ValueError as error:
        fields, unreadable = [], str(error)
    title = _("From version %(before)s to version %(after)s") % {"before": before.number, "after": after.number}
    context = {
        "title": title,
        "before": before,
        "after": after,
        "fields": fields,
        "unreadable": unreadable,
    }
    return render_to_string("reviews/dossier/difference.html", context)
