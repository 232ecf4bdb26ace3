"""What somebody may be about to ask: titles that begin with what is typed, then what search finds."""

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from articles.models import SearchEntry
from articles.reader.search import finding, questions

MOST = 6
SHORTEST = 2
FEW = 3
MOST_WORDS = 8


def suggestions(text: str) -> tuple[list[tuple[str, str]], str]:
    """Pairs of title and slug, and what was probably meant if a word is mistyped."""
    text = questions.cleaned(text)
    if len(text) < SHORTEST:
        return [], ""
    found = list(_titles(text))
    if len(found) >= FEW:
        return found, ""
    better = finding.find(text)
    found += [(each.title, each.slug) for each in better.articles]
    return list(dict.fromkeys(found))[:MOST], better.meant.text if better.is_mended else ""


def _titles(text: str) -> QuerySet[SearchEntry]:
    """Titles in which each word that is typed begins a word."""
    wanted = Q()
    for word in text.split()[:MOST_WORDS]:
        wanted &= Q(title__istartswith=word) | Q(title__icontains=f" {word}")
    begins = Case(When(title__istartswith=text, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = SearchEntry.objects.filter(wanted, position=0, page__is_listed=True)
    return rows.order_by(begins, "title", "pk").values_list("title", "page__slug")[:MOST]
