"""A variant's Markdown as safe HTML with sections, GRADE lines and linked citations. Pure and deterministic.

The SHA-256 of this HTML is part of what people sign, so equal input must give equal bytes.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from articles.citations import parser
from articles.sections import MAX_NESTING, Section, SectionError, SectionKind, parse_heading

AUDIENCES = ("clinician", "patient", "student", "general")


class RenderError(ValueError):
    """A text that can't become a page; the message says what to change."""


@dataclass(frozen=True)
class Heading:
    """A section's anchor and its words without markup or markers, for a table of contents."""

    id: str
    text: str


@dataclass(frozen=True)
class Rendered:
    """``back_links`` gives, for each reference number, the anchors of its markers in order."""

    html: str
    sections: tuple[Section, ...]
    citations_order: tuple[str, ...]
    back_links: Mapping[int, tuple[str, ...]]
    headings: tuple[Heading, ...]


@dataclass
class _Page:
    """What one rendering has met so far; travels through the renderer as its environment."""

    audience: str
    numbers: Mapping[str, int]
    order: dict[str, None]
    anchors: dict[int, list[str]]
    tables: int = 0


_Rule = Callable[[Sequence[Token], int, _Page], str]


def render(markdown: str, *, audience: str, numbers: Mapping[str, int]) -> Rendered:
    """Render one variant; ``numbers`` maps each citation key to the number readers see.

    Raises RenderError for an image, a section block that can't be read, nesting beyond the parser's limit
    (whose content would vanish) and an unknown audience.
    """
    if audience not in AUDIENCES:
        raise RenderError(f"“{audience}” isn't an audience; choose {', '.join(AUDIENCES)}")
    tokens = _RENDERER.parse(markdown)
    _refuse(tokens)
    page = _Page(audience, numbers, {}, {})
    html: list[str] = []
    sections: list[Section] = []
    headings: list[Heading] = []
    for part in _parts(_levelled(tokens)):
        body = part
        if part and part[0].meta.get("section"):
            section = part[0].meta["section"]
            sections.append(section)
            anchor = f"{audience}-s{len(sections)}"
            headings.append(Heading(anchor, _words(part[1])))
            html.append(_section_start(section, anchor, _html(part[1:2], page)))
            body = part[3:]
        html.append(_html(body, page) + ("</section>\n" if body is not part else ""))
    return Rendered(
        html=_clean("".join(html)),
        sections=tuple(sections),
        citations_order=tuple(page.order),
        back_links={number: tuple(page.anchors[number]) for number in sorted(page.anchors)},
        headings=tuple(headings),
    )


def _refuse(tokens: Sequence[Token]) -> None:
    for token in tokens:
        line = token.map[0] + 1 if token.map else 1
        if token.level >= MAX_NESTING - 2:
            raise RenderError(
                f"Line {line}: lists and quotes are nested too deeply; keep them under {MAX_NESTING - 2}."
            )
        for image in (child for child in token.children or [] if child.type == "image"):
            name = image.content or image.attrs.get("src", "")
            raise RenderError(f"Line {line}: images aren't supported yet; describe “{name}” in words instead.")
        if "raw" in token.meta:
            try:
                token.meta["section"] = parse_heading(token.meta["raw"])
            except SectionError as error:
                raise RenderError(f"Line {line}: {error}.") from None


def _levelled(tokens: list[Token]) -> list[Token]:
    """Headings that fit the page, whose only first-level heading is its title."""
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            if token.level:
                token.tag = max(token.tag, "h3")
            elif token.tag == "h1":
                token.tag = "h2"
    return tokens


def _parts(tokens: Iterable[Token]) -> list[list[Token]]:
    """The tokens before the first section, then those of each section."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if "section" in token.meta:
            parts.append([])
        parts[-1].append(token)
    return parts


def _section_start(section: Section, anchor: str, heading: str) -> str:
    start = f'<section class="section section--{section.kind}" aria-labelledby="{anchor}">\n'
    return f'{start}<h2 id="{anchor}">{heading}</h2>\n{_grade(section)}'


def _grade(section: Section) -> str:
    levels = [
        f"{name}: {level.replace('_', ' ')}"
        for name, level in (
            ("Certainty of evidence", section.certainty),
            ("Strength of recommendation", section.strength),
        )
        if level
    ]
    shown = " · ".join(levels)
    if section.rationale:
        rationale = f'<span class="grade__rationale">Rationale: {escapeHtml(section.rationale)}</span>'
        shown = f"{shown} · {rationale}" if shown else rationale
    return f'<p class="grade">{shown}</p>\n' if shown else ""


def _words(inline: Token) -> str:
    kept = (child.content or " " for child in inline.children or [] if child.type in _WORDS)
    return " ".join("".join(kept).split())


_WORDS = ("text", "code_inline", "softbreak", "hardbreak", "citation_bare")


def _html(tokens: Sequence[Token], page: _Page) -> str:
    return str(_RENDERER.renderer.render(tokens, _RENDERER.options, {"page": page}))


def _citation(tokens: Sequence[Token], place: int, page: _Page) -> str:
    keys: list[str] = tokens[place].meta["keys"]
    links = ", ".join(_link(key, page) for key in keys)
    return f'<sup class="citation">{links}</sup>' if page.numbers.keys() & set(keys) else links


def _link(key: str, page: _Page) -> str:
    page.order.setdefault(key)
    number = page.numbers.get(key)
    if number is None:
        return f'<span class="citation citation--missing">[{escapeHtml(key)}?]</span>'
    anchors = page.anchors.setdefault(number, [])
    anchors.append(f"{page.audience}-cite-{number}-{len(anchors) + 1}")
    target = f"#{page.audience}-ref-{number}"
    return f'<a href="{target}" id="{anchors[-1]}" aria-label="Reference {number}">{number}</a>'


def _text(tokens: Sequence[Token], place: int, page: _Page) -> str:
    """Text; a space before a marker becomes narrow and unbreakable, so that no line starts with a number."""
    content = tokens[place].content
    if content.endswith(" ") and place + 1 < len(tokens) and tokens[place + 1].type == "citation":
        content = content.rstrip(" ") + "\u202f"
    return escapeHtml(content)


def _table_open(tokens: Sequence[Token], place: int, page: _Page) -> str:
    page.tables += 1
    label = "Table" if page.tables == 1 else f"Table {page.tables}"
    return f'<div class="table-scroll" tabindex="0" role="region" aria-label="{label}">\n<table>\n'


def _cell_open(tokens: Sequence[Token], place: int, page: _Page) -> str:
    token = tokens[place]
    style = re.fullmatch(r"text-align:(left|center|right)", str(token.attrs.get("style", "")))
    return f'<{token.tag} class="align-{style.group(1)}">' if style else f"<{token.tag}>"


def _fence(tokens: Sequence[Token], place: int, page: _Page) -> str:
    return f"<pre><code>{escapeHtml(tokens[place].content)}</code></pre>\n"


def _link_open(tokens: Sequence[Token], place: int, page: _Page) -> str:
    href = str(tokens[place].attrs.get("href", ""))
    rel = "" if href.startswith("#") else ' rel="noopener"'
    return f'<a href="{escapeHtml(href)}"{rel}>'


def link_is_allowed(address: str) -> bool:
    """Whether a link may stand in an article: the web, mail, or a place on the same page."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme in ("http", "https"):
        return bool(parts.netloc)
    return address.startswith("#") or (parts.scheme == "mailto" and "@" in parts.path)


def _renderer() -> MarkdownIt:
    made = parser()
    made.validateLink = link_is_allowed  # type: ignore[method-assign, assignment]
    rules: dict[str, _Rule] = {
        "citation": _citation,
        "citation_malformed": lambda tokens, place, page: escapeHtml(tokens[place].content),
        "citation_bare": lambda tokens, place, page: escapeHtml(tokens[place].content),
        "text": _text,
        "table_open": _table_open,
        "table_close": lambda tokens, place, page: "</table>\n</div>\n",
        "th_open": _cell_open,
        "td_open": _cell_open,
        "fence": _fence,
        "link_open": _link_open,
    }
    for name, rule in rules.items():
        made.add_render_rule(name, _with_page(rule))
    return made


def _with_page(rule: _Rule) -> Callable[..., str]:
    def shown(_: Any, tokens: Sequence[Token], place: int, options: Any, env: Mapping[str, _Page]) -> str:
        return rule(tokens, place, env["page"])

    return shown


_RENDERER = _renderer()

_ELEMENTS = (
    "section h2 h3 h4 h5 h6 p ul ol li strong em s code pre blockquote hr br table thead tbody tr th td div sup a span"
)
_TAGS = set(_ELEMENTS.split())
_ANCHOR = rf"(?:{'|'.join(AUDIENCES)})-(?:s\d+|cite-\d+-\d+)"
_KINDS = "|".join(SectionKind)
_VALUES: Mapping[tuple[str, str], re.Pattern[str]] = {
    ("section", "class"): re.compile(rf"section section--(?:{_KINDS})"),
    ("section", "aria-labelledby"): re.compile(_ANCHOR),
    ("h2", "id"): re.compile(_ANCHOR),
    ("p", "class"): re.compile("grade"),
    ("span", "class"): re.compile("grade__rationale|citation citation--missing"),
    ("sup", "class"): re.compile("citation"),
    ("div", "class"): re.compile("table-scroll"),
    ("div", "tabindex"): re.compile("0"),
    ("div", "role"): re.compile("region"),
    ("div", "aria-label"): re.compile(r"Table(?: \d+)?"),
    **{(cell, "class"): re.compile("align-(?:left|center|right)") for cell in ("th", "td")},
    ("ol", "start"): re.compile(r"\d{1,9}"),
    ("a", "id"): re.compile(_ANCHOR),
    ("a", "aria-label"): re.compile(r"Reference \d+"),
    ("a", "rel"): re.compile("noopener"),
}


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) == ("a", "href"):
        return value if link_is_allowed(value) else None
    pattern = _VALUES.get((tag, attribute))
    return value if pattern and pattern.fullmatch(value) else None


_ATTRIBUTES: dict[str, set[str]] = {
    tag: {name for owner, name in (*_VALUES, ("a", "href")) if owner == tag} for tag, _ in _VALUES
}


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_allowed,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
