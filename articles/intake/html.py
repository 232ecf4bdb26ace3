"""Active content, raw HTML and images in a manuscript: refused in words, with the line. Pure."""

import html
import re

from articles.intake.manuscript import IntakeError, SourceLine
from articles.intake.vocabulary import words

_ACTIVE = words(
    """
    script iframe object embed form svg math style link meta base applet frame frameset template
    portal input button textarea select video audio source noscript
    """
)
_BLOCK = words(
    """
    address article aside blockquote body caption center col colgroup dd details dialog dir div dl
    dt fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 head header hr html legend li main menu
    nav ol optgroup option p pre section summary table tbody td tfoot th thead title tr ul
    """
)
_INLINE = words(
    """
    a abbr b bdi bdo br cite code del dfn em i ins kbd mark q s samp small span strong sub sup u var
    wbr font
    """
)

_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*+)(?P<rest>[^<>]*+)(?P<end>>?)")
_DECLARATION = re.compile(r"<(?:!--|!\[CDATA\[|!DOCTYPE|\?xml|\?php)", re.IGNORECASE)
_HANDLER = re.compile(r"""(?:^|[\s/"'])on[a-z]+\s*=""", re.IGNORECASE)
_TARGET = re.compile(r"""(?:\]\(|\]:|<|(?:href|src)\s?=)[\s<"']*+(?P<target>[^\s()<>\[\]"']{1,80})""", re.IGNORECASE)
_SCHEME = re.compile(r"(?:javascript|vbscript|data|file|blob):.", re.IGNORECASE)
_IGNORED = re.compile(r"[\s\\\x00-\x1f]")  # browsers drop these from an address
_ANYWHERE = re.compile(r"\b(?:javascript|vbscript)\s?:(?=\S)|\bdata:[a-z]+/[a-z0-9.+-]", re.IGNORECASE)
_IMAGE = re.compile(r"(?<!\\)!\[(?!@|\d{1,3}(?:[,;–\- ]{1,3}\d{1,3}){0,20}\](?!\())")


def refuse_active(text: str, line: int = 1) -> None:
    """Raise IntakeError at the first script, embedded object, event handler, script link or block of HTML."""
    for tag in _TAG.finditer(text):
        if problem := _tag_problem(text, tag):
            raise IntakeError(problem, _line(text, tag.start(), line))
    if found := _DECLARATION.search(text):
        raise IntakeError(
            "HTML comments and declarations can't be taken in; remove them", _line(text, found.start(), line)
        )
    if found := _script_link(text):
        raise IntakeError(
            "A javascript:, vbscript: or data: link can't be taken in; link to a page with https://",
            _line(text, found.start(), line),
        )


def refuse_images(text: str, line: int = 1) -> None:
    """Raise IntakeError at the first Markdown image."""
    if found := _IMAGE.search(text):
        raise IntakeError(
            "Images aren't supported yet; describe the image in words and remove it",
            _line(text, found.start(), line),
        )


def inline_tags(text: str, line: int = 1) -> list[SourceLine]:
    """Lines with inline HTML such as ``<sup>``: they stay in the text, and the tag shows as written."""
    found: dict[int, SourceLine] = {}
    for offset, row in enumerate(text.split("\n")):
        for tag in _TAG.finditer(row) if "<" in row else ():
            if tag["end"] and tag["name"].lower() in _INLINE and tag["rest"][:1] in ("", " ", "/"):
                why = f"The HTML tag <{tag['name']}> has no effect and shows as written; use Markdown"
                found.setdefault(line + offset, SourceLine(line + offset, row.strip(), why))
    return list(found.values())


def _tag_problem(text: str, tag: re.Match[str]) -> str:
    name = tag["name"].lower()
    if name in _ACTIVE:
        return f"Active content can't be taken in: remove the <{name}> element"
    if _HANDLER.search(tag["rest"]):
        return f"Active content can't be taken in: remove the event handler from <{name}>"
    if name in ("img", "picture") and tag["rest"][:1] in ("", " ", "/", "\n"):
        return "Images aren't supported yet; describe the image in words and remove it"
    starts_line = text[max(0, tag.start() - 1) : tag.start()] in ("", "\n")
    if name in _BLOCK and tag["rest"][:1] in ("", " ", "/", "\n") and (tag["end"] or starts_line):
        return f"HTML can't be taken in: write the <{name}> element in Markdown"
    return ""


def _script_link(text: str) -> re.Match[str] | None:
    if found := _ANYWHERE.search(text):
        return found
    for link in _TARGET.finditer(text):
        if _SCHEME.match(_IGNORED.sub("", html.unescape(link["target"]))):
            return link
    return None


def _line(text: str, position: int, first: int) -> int:
    return first + text.count("\n", 0, position)
