"""What changed in an article's sources: which came, went or were replaced, and what is said of the others. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from articles.identifiers import IdentifierError, normal_doi, normal_isbn, normal_pmcid, normal_pmid, normal_url
from articles.typography import faults

Weight = Literal["typographic", "correction", "update"]

_IDENTIFIERS: Mapping[str, Callable[[str], str]] = {
    "DOI": normal_doi,
    "PMID": normal_pmid,
    "PMCID": normal_pmcid,
    "ISBN": normal_isbn,
}
_WORDED = ("title", "container-title", "publisher")
"""Properties whose punctuation and capitals may change, as in a text."""


@dataclass(frozen=True)
class SourceChange:
    """One difference, how much it weighs, and what it is in words."""

    weight: Weight
    reason: str


Source = Mapping[str, Any]


def changes(before: Sequence[Source], after: Sequence[Source], *, english: bool) -> Iterator[SourceChange]:
    """Every difference between two lists of citations, as a snapshot holds them."""
    pairs, gone, come = _matched(before, after)
    for source in gone:
        yield SourceChange("update", f"The source “{name_of(source)}” was removed.")
    for source in come:
        yield SourceChange("update", f"The source “{name_of(source)}” was added.")
    taken = {source.get("key") for source in before}
    for old, new in pairs:
        if old.get("key") != new.get("key"):
            weight: Weight = "update" if new.get("key") in taken else "correction"
            yield SourceChange(weight, f"“[@{old.get('key')}]” became “[@{new.get('key')}]” for “{name_of(new)}”.")
        yield from _between(old, new, english=english)
    kept = [old.get("key") for old, _new in pairs]
    if not gone and not come and kept != [old.get("key") for old in before]:
        yield SourceChange("correction", "The sources stand in another order.")


def identity_of(source: Source) -> dict[str, str]:
    """Its identifiers in normal form; one that isn't any counts as it was written."""
    csl = _csl(source)
    found = {}
    for name, normalise in _IDENTIFIERS.items():
        if value := csl.get(name):
            try:
                found[name] = normalise(str(value))
            except IdentifierError:
                found[name] = str(value)
    return found


def name_of(source: Source) -> str:
    """Its title, or its key where it has none."""
    return str(_csl(source).get("title") or source.get("key", ""))


def _matched(
    before: Sequence[Source], after: Sequence[Source]
) -> tuple[list[tuple[Source, Source]], list[Source], list[Source]]:
    """The same source on both sides, those that are gone, those that came; pairs in the order of ``after``.

    Two entries are one source when an identifier is the same, else when their titles are. What stands under the
    same key is tried first.
    """
    free = list(before)
    partners: dict[int, Source] = {}
    for same in (_same_identifier, _same_title):
        for place, new in enumerate(after):
            candidates = [old for old in free if place not in partners and same(old, new)]
            if candidates:
                named = [old for old in candidates if old.get("key") == new.get("key")]
                partners[place] = (named or candidates)[0]
                free = [old for old in free if old is not partners[place]]
    pairs = [(partners[place], new) for place, new in enumerate(after) if place in partners]
    return pairs, free, [new for place, new in enumerate(after) if place not in partners]


def _same_identifier(old: Source, new: Source) -> bool:
    return bool(identity_of(old).items() & identity_of(new).items())


def _same_title(old: Source, new: Source) -> bool:
    titles = [" ".join(str(_csl(s).get("title", "")).casefold().split()) for s in (old, new)]
    return titles[0] == titles[1] != "" and _csl(old).get("type") == _csl(new).get("type")


def _between(old: Source, new: Source, *, english: bool) -> Iterator[SourceChange]:
    name = name_of(new)
    if old.get("kind") != new.get("kind"):
        yield SourceChange("update", f"“{name}” was listed as {old.get('kind')}, now as {new.get('kind')}.")
    if old.get("cited_because_retracted") != new.get("cited_because_retracted"):
        yield SourceChange("update", f"Whether “{name}” is cited because it was retracted changed.")
    known = ("key", "kind", "csl", "cited_because_retracted")
    for other in sorted({*old, *new} - {*known}):
        if old.get(other) != new.get(other) or (other in old) != (other in new):
            yield SourceChange("correction", f"The {other.replace('_', ' ')} of “{name}” changed.")
    yield from _csl_changes(old, new, name, english=english)


def _csl_changes(old: Source, new: Source, name: str, *, english: bool) -> Iterator[SourceChange]:
    a, b = _csl(old), _csl(new)
    if not isinstance(old.get("csl"), Mapping) or not isinstance(new.get("csl"), Mapping):
        if old.get("csl") != new.get("csl"):
            yield SourceChange("correction", f"What is said of “{name}” changed.")
        return
    same = identity_of(old) == identity_of(new)
    for field in sorted({*a, *b} - {"id"}):
        if field in a and field in b and a[field] == b[field]:
            continue
        if _is_harmless(field, a.get(field), b.get(field), new, same=same, english=english):
            yield SourceChange("typographic", f"The {field} of “{name}” changed.")
        else:
            yield SourceChange("correction", _became(f"The {field} of “{name}”", a.get(field), b.get(field)))


def _is_harmless(field: str, a: Any, b: Any, new: Source, *, same: bool, english: bool) -> bool:
    """A link or access date with the same identifiers, however these are written; or the spelling of its words."""
    if field == "accessed" or field in _IDENTIFIERS:
        return same
    if field == "URL":
        return same and bool(identity_of(new)) and _leads_nowhere_else(b, new)
    if field in _WORDED and isinstance(a, str) and isinstance(b, str):
        return not faults(a, b, markdown=False, english=english)
    return False


def _leads_nowhere_else(url: Any, source: Source) -> bool:
    """It is a web address, or none at all, and isn't one that names another DOI, PMID or PMCID."""
    if not url:
        return True
    try:
        normal_url(str(url))
    except IdentifierError:
        return False
    identity = identity_of(source)
    for name in ("DOI", "PMID", "PMCID"):
        try:
            named = _IDENTIFIERS[name](str(url))
        except IdentifierError:
            continue  # the address isn't one of this kind
        if identity.get(name) != named:
            return False
    return True


def _became(what: str, a: Any, b: Any) -> str:
    if a in (None, "", []):
        return f"{what} was added: “{_shown(b)}”."
    if b in (None, "", []):
        return f"{what} was removed: “{_shown(a)}”."
    return f"{what}: “{_shown(a)}” became “{_shown(b)}”."


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= 120 else f"{text[:119]}…"


def _csl(source: Source) -> Mapping[str, Any]:
    csl = source.get("csl")
    return csl if isinstance(csl, Mapping) else {}
