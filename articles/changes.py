"""The lightest change class that a difference allows: proposed when revising, judged at submit. Pure.

``typographic`` is a whitelist (see ``typography``). Fields without a rule of their own, such as those that a later
schema brings, are a correction.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from articles import citations, content, rendering, source_changes, typography
from articles.differences import label_of

Floor = Literal["none", "typographic", "correction", "update"]

ORDER: tuple[Floor, ...] = ("none", "typographic", "correction", "update")
"""From no difference to the one that asks for the whole quorum."""

MOST_REASONS = 5
_DERIVED = ("sections", "citations", "html_sha256")
_EVIDENCE = ("guideline", "research", "recommendations", "key_points", "limitations")
"""Kinds of sections that carry evidence or what follows from it: one more or less is an update."""

_WHY: Mapping[typography.Why, str] = {
    "words": "",
    "capitals": " A capital can change what a word means.",
    "beside": " This touches a number, a unit, a negation, a name or a mark.",
    "sentence": " Its sentence holds a negation, a number, a unit or a condition, or a full stop parts it.",
    "marks": " A question or exclamation mark changes what is said.",
    "quotes": " Quotation marks change what is said.",
    "structure": " The structure differs: headings, lists, emphasis, tables or links.",
    "citations": " A citation moved, came or went.",
    "language": " Outside English only spacing is known to be harmless.",
}


@dataclass(frozen=True)
class Judgement:
    """The lightest class allowed, and in words what makes it so; ``none`` where nothing differs."""

    floor: Floor
    reasons: tuple[str, ...] = ()

    @property
    def is_unchanged(self) -> bool:
        return self.floor == "none"


@dataclass(frozen=True)
class _Found:
    weight: Floor
    reason: str


Values = Mapping[str, Any]


def judge(before: Values, after: Values) -> Judgement:
    """Judge what differs between a published snapshot and a new one. Symmetric, but for ``conclusions_changed``."""
    old, new = content.normalised(before), content.normalised(after)
    found = list(_found(old, new))
    if not found:
        return Judgement("none")
    if new.get("conclusions_changed"):
        found.insert(0, _Found("update", "The conclusions changed, as the article says itself."))
    floor = max((f.weight for f in found), key=ORDER.index)
    reasons = list(dict.fromkeys(f.reason for f in found if f.weight == floor))
    more = len(reasons) - MOST_REASONS
    rest = [f"And {more} more."] if more > 0 else []
    return Judgement(floor, tuple(reasons[:MOST_REASONS] + rest))


def heavier(a: Floor, b: Floor) -> Floor:
    return max(a, b, key=ORDER.index)


def _found(old: Values, new: Values) -> Iterator[_Found]:
    english = all(str(side.get("language", "")).split("-")[0].casefold() == "en" for side in (old, new))
    for name in dict.fromkeys([*new, *old]):
        if name not in old or name not in new:
            yield _Found("correction", f"{label_of(name)}: {'added' if name in new else 'removed'}.")
        elif old[name] != new[name]:
            yield from _RULES.get(name, _other)(name, old[name], new[name], english)


def _ignored(name: str, old: Any, new: Any, english: bool) -> Iterator[_Found]:
    """It says something of the change, and is none itself."""
    return iter(())


def _other(name: str, old: Any, new: Any, english: bool) -> Iterator[_Found]:
    if all(isinstance(side, str | int | bool | None) for side in (old, new)):
        yield _Found("correction", f"{label_of(name)}: “{_shown(old)}” became “{_shown(new)}”.")
    else:
        yield _Found("correction", f"{label_of(name)} changed.")


def _worded(name: str, old: Any, new: Any, english: bool) -> Iterator[_Found]:
    if not isinstance(old, str) or not isinstance(new, str):
        yield from _other(name, old, new, english)
        return
    yield from _text(name, old, new, markdown=False, english=english)


def _text(field: str, old: str, new: str, *, markdown: bool, english: bool) -> Iterator[_Found]:
    faults = typography.faults(old, new, markdown=markdown, english=english)
    if not faults:
        yield _Found("typographic", f"{label_of(field)}: spacing, punctuation or capitals.")
    for fault in faults:
        yield _Found("correction", f"{label_of(field)}: {_became(fault.before, fault.after)}{_WHY[fault.why]}")


def _became(old: str, new: str) -> str:
    if not old and not new:
        return "what is written changed."
    if not old:
        return f"“{new}” was added."
    return f"“{old}” became “{new}”." if new else f"“{old}” was removed."


def _sources(name: str, old: Any, new: Any, english: bool) -> Iterator[_Found]:
    if not _are_rows(old) or not _are_rows(new):
        yield from _other(name, old, new, english)
        return
    changes = list(source_changes.changes(old, new, english=english))
    yield from (_Found(change.weight, change.reason) for change in changes)
    if not changes:
        yield _Found("correction", "The list of sources changed.")


def _variants(name: str, old: Any, new: Any, english: bool) -> Iterator[_Found]:
    if not _are_rows(old) or not _are_rows(new):
        yield from _other(name, old, new, english)
        return
    sides = [{str(row.get("audience")): row for row in rows} for rows in (old, new)]
    for audience in dict.fromkeys([*sides[1], *sides[0]]):
        label = label_of(f"variants.{audience}")
        if audience not in sides[0] or audience not in sides[1]:
            yield _Found("update", f"{label}: {'added' if audience in sides[1] else 'removed'}.")
        elif sides[0][audience] != sides[1][audience]:
            yield from _variant(audience, sides[0][audience], sides[1][audience], english)
    orders = [[row.get("audience") for row in rows] for rows in (old, new)]
    if orders[0] != orders[1] and Counter(map(str, orders[0])) == Counter(map(str, orders[1])):
        yield _Found("correction", "The texts stand in another order.")
    elif any(len(set(map(str, order))) != len(order) for order in orders):
        yield _Found("correction", "Two texts are for one audience.")


def _variant(audience: str, old: Values, new: Values, english: bool) -> Iterator[_Found]:
    field = f"variants.{audience}"
    yield from _sections(label_of(field), old.get("sections"), new.get("sections"))
    known = ("audience", "markdown", *_DERIVED)
    for name in sorted({*old, *new} - {*known}):
        if name not in old or name not in new or old[name] != new[name]:
            yield _Found("correction", f"{label_of(field)}: its {name.replace('_', ' ')} changed.")
    before, after = old.get("markdown"), new.get("markdown")
    if not isinstance(before, str) or not isinstance(after, str):
        yield _Found("correction", f"{label_of(field)} changed.")
        return
    if before != after:
        found = list(_text(field, before, after, markdown=True, english=english))
        yield from found
        if found[0].weight == "typographic" and _page(audience, before) != old.get("html_sha256"):
            yield _rendered_otherwise(field)
    elif any(old.get(name) != new.get(name) for name in _DERIVED):
        yield _rendered_otherwise(field)


def _rendered_otherwise(field: str) -> _Found:
    """The words don't say all that differs on the page."""
    return _Found("correction", f"{label_of(field)}: the page that was signed would look different in this release.")


def _page(audience: str, markdown: str) -> str:
    """The digest of the page that this release makes of a text; empty where it makes none."""
    try:
        html = rendering.render(markdown, audience=audience, numbers=citations.numbers_of(markdown)).html
    except rendering.RenderError:
        return ""
    return hashlib.sha256(html.encode()).hexdigest()


def _sections(label: str, old: Any, new: Any) -> Iterator[_Found]:
    """What a section is and how its evidence is graded; its words are the Markdown's."""
    if not _are_rows(old) or not _are_rows(new):
        return
    before, after = _by_heading(old), _by_heading(new)
    for heading in before.keys() & after.keys():
        if before[heading] != after[heading]:
            was, now = _grade(before[heading]), _grade(after[heading])
            yield _Found("update", f"{label}: the section “{heading[0]}” was {was}, now {now}.")
    gone = Counter(grade for heading, grade in before.items() if heading not in after)
    come = Counter(grade for heading, grade in after.items() if heading not in before)
    moved = [*(gone - come), *(come - gone)]
    if moved and (gone.total() == come.total() or any(_weighs(grade) for grade in moved)):
        yield _Found("update", f"{label}: sections came, went or were graded anew ({', '.join(map(_grade, moved))}).")


_Grade = tuple[str, str, str]


def _by_heading(sections: Sequence[Values]) -> dict[tuple[str, int], _Grade]:
    """Kind, certainty and strength by heading; the second of one heading is its second."""
    seen: Counter[str] = Counter()
    found: dict[tuple[str, int], _Grade] = {}
    for section in sections:
        heading = " ".join(str(section.get("heading", "")).casefold().split())
        kind, certainty, strength = (str(section.get(name) or "") for name in ("kind", "certainty", "strength"))
        found[heading, seen[heading]] = (kind, certainty, strength)
        seen[heading] += 1
    return found


def _weighs(grade: _Grade) -> bool:
    return grade[0] in _EVIDENCE or bool(grade[1] or grade[2])


def _grade(grade: _Grade) -> str:
    kind, certainty, strength = grade
    parts = [kind, f"certainty {certainty}" if certainty else "", f"strength {strength}" if strength else ""]
    return ", ".join(part for part in parts if part).replace("_", " ")


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def _shown(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 120 else f"{text[:119]}…"


_RULES: Mapping[str, Callable[[str, Any, Any, bool], Iterator[_Found]]] = {
    "schema": _other,
    "title": _worded,
    "short_answer": _worded,
    "language": _other,
    "region": _other,
    "byline": _other,
    "funding": _other,
    "literature_current_to": _other,
    "change_note": _ignored,
    "conclusions_changed": _ignored,
    "origin": _other,
    "ai_contributions": _other,
    "topics": _other,
    "variants": _variants,
    "citations": _sources,
}
"""How each field of a snapshot is judged. A name that isn't here is a correction."""

FIELDS = frozenset(_RULES)
