"""Markdown with YAML front matter.

Fields: ``title`` (or the first level-one heading), ``short_answer``, ``language``, ``region``, ``topics``,
``byline``, ``funding``, ``origin``, ``ai_contribution``, ``references``, ``audience`` (of the body, default
clinician) and ``variants``. More than one audience is written in one of two ways: ``variants:`` maps an
audience to its Markdown, or a level-one heading in the body starts an audience's text, which runs to the
next such heading::

    # For patients {audience=patient}

References are CSL-JSON in the front matter, or a numbered list: strings under ``references:``, or a section
``## References`` of the body. Citations are ``[@key]``; ``[2]``, ``[2, 3]`` and ``[2-4]`` count from the
list. Other level-one headings of the body become level two, for sections start there. Pure.
"""

from articles import sections
from articles.intake import csl, front_matter, gate, html, markdown_body
from articles.intake.fields import AUDIENCES, ORIGINS, Fields, every_text
from articles.intake.front_matter import Node
from articles.intake.manuscript import (
    IntakeError,
    Manuscript,
    ManuscriptReference,
    ManuscriptVariant,
    SourceLine,
)
from articles.intake.markdown_body import Part


def read(text: str) -> Manuscript:
    """Turn Markdown into a Manuscript. Raises IntakeError for what can't be taken in."""
    nodes, source, first_line = front_matter.split(text)
    _check_texts(nodes)
    fields = Fields.of(nodes)
    audience = fields.choice("audience", AUDIENCES, "clinician")
    body = markdown_body.split(source, first_line, audience, title=fields.text("title"))
    parts = [*body.parts, *_variants(fields)]
    references, unplaced = _references(fields, body)
    _check(parts)
    markers = [markdown_body.cite(part, references) for part in parts]
    contributions = fields.contributions()
    inline = [line for part in parts for line in html.inline_tags(part.text, part.line)]
    return Manuscript(
        title=gate.checked_title(fields.text("title") or body.title, _title_line(fields, body.title_line)),
        variants=tuple(ManuscriptVariant(part.audience, part.text.strip("\n") + "\n") for part, _ in markers),
        short_answer=fields.text("short_answer"),
        language=fields.language(),
        region=fields.text("region"),
        byline=fields.byline(),
        topics=fields.topics(),
        funding=fields.text("funding"),
        origin=fields.choice("origin", ORIGINS, "ai_assisted" if contributions else "human"),
        ai_contributions=contributions,
        references=references,
        markers=tuple(marker for _, found in markers for marker in found),
        left_out=body.left_out,
        unplaced=tuple(sorted([*fields.unplaced, *unplaced, *body.unplaced, *inline], key=lambda item: item.line)),
    )


def _check_texts(nodes: dict[str, Node]) -> None:
    """Quoted YAML can spell any character, so its texts are checked again after reading."""
    for text, line in every_text(nodes):
        gate.refuse_control(text, line)
        html.refuse_active(text, line)


def _variants(fields: Fields) -> list[Part]:
    node = fields.nodes.get("variants")
    if node is None or node.value is None:
        return []
    if not isinstance(node.value, dict):
        raise IntakeError("“variants” must map an audience to its text, as in “patient: |”", node.line)
    parts: list[Part] = []
    for audience, text in node.value.items():
        if audience not in AUDIENCES:
            raise IntakeError(f"“{audience[:60]}” isn't an audience; use {', '.join(AUDIENCES)}", text.line)
        if not isinstance(text.value, str) or not text.value.strip():
            raise IntakeError(f"“{audience}” in “variants” must be Markdown text", text.line)
        parts.append(Part(audience, markdown_body.as_atx(text.value), text.line))
    return parts


def _references(
    fields: Fields, body: markdown_body.Body
) -> tuple[tuple[ManuscriptReference, ...], tuple[SourceLine, ...]]:
    node = fields.nodes.get("references")
    if node is None or node.value is None:
        return body.references, ()
    if body.references:
        raise IntakeError("References stand in the front matter and in the body; keep one list", body.references_line)
    return csl.read(node)


def _check(parts: list[Part]) -> None:
    if not any(character.isalnum() for part in parts for character in part.text):
        raise IntakeError("The file has no text below its front matter and title")
    audiences: set[str] = set()
    for part in parts:
        if part.audience in audiences:
            raise IntakeError(f"There are two texts for “{part.audience}”; keep one", part.line)
        audiences.add(part.audience)
        gate.refuse_large_variant(part.audience, part.text)
        html.refuse_images(part.text, part.line)
        _check_headings(part)


def _check_headings(part: Part) -> None:
    for text in sections.heading_texts(part.text):
        try:
            sections.parse_heading(text)
        except sections.SectionError as error:
            line = part.text[: part.text.find(text)].count("\n") + part.line
            raise IntakeError(f"The section heading can't be read: {error}", line) from None


def _title_line(fields: Fields, heading_line: int | None) -> int | None:
    return fields.nodes["title"].line if fields.text("title") else heading_line
