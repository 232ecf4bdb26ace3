"""Plain text as pasted from a medical page: a title, sections, bullets, a reference list, and page furniture.

The first line that isn't furniture is the title. Headings become sections, the reference list becomes
references ``ref1``, ``ref2``, …; citation numbers that lost their brackets come back as ``[@ref1]`` markers
for a person to confirm. Furniture is left out and reported; what fits nowhere is reported as not
placed. Pure.
"""

from collections.abc import Sequence

from articles.intake import body, furniture, gate, pasted_references
from articles.intake.lines import Line, lines_of
from articles.intake.manuscript import IntakeError, Manuscript, ManuscriptVariant, SourceLine

AUDIENCE = "clinician"


def read(text: str) -> Manuscript:
    """Turn a pasted page into a Manuscript. Raises IntakeError when it has no title or no text."""
    kept, left_out = furniture.sort_out(lines_of(text))
    if not kept:
        raise IntakeError("The file has no title and no text; only page furniture was found")
    title = gate.checked_title(kept[0].content or kept[0].text, kept[0].number)
    prose, listed, rest = _at_references(kept[1:])
    gate.refuse_large_variant(AUDIENCE, "\n".join(line.text for line in prose))
    references, unplaced = pasted_references.read(listed[1:])
    unplaced += tuple(SourceLine(line.number, line.source, "After the reference list") for line in rest)
    composed = body.compose(prose, references)
    if not any(character.isalnum() for character in composed.markdown):
        raise IntakeError("The file has a title but no text below it", kept[0].number)
    gate.refuse_large_variant(AUDIENCE, composed.markdown)
    if listed and not references:
        heading = SourceLine(listed[0].number, listed[0].source, "Heading of a reference list without references")
        left_out = sorted([*left_out, heading], key=lambda item: item.line)
    return Manuscript(
        title=title,
        variants=(ManuscriptVariant(AUDIENCE, composed.markdown),),
        references=references,
        markers=composed.markers,
        left_out=tuple(left_out),
        unplaced=tuple(sorted([*unplaced, *composed.unplaced], key=lambda item: item.line)),
    )


def _at_references(lines: Sequence[Line]) -> tuple[Sequence[Line], Sequence[Line], Sequence[Line]]:
    """The prose, the reference list from its heading on, and the rest."""
    at = next((at for at in range(len(lines) - 2, -1, -1) if _heads_references(lines[at])), None)
    if at is None:
        return lines, (), ()
    end = next((end for end in range(at + 2, len(lines)) if lines[end].index > lines[end - 1].index + 1), len(lines))
    return lines[:at], lines[at:end], lines[end:]


def _heads_references(line: Line) -> bool:
    return not line.bullet and len(line.text) < 60 and pasted_references.HEADING.match(line.text) is not None
