"""A page's HTML as the words that a reader saw, one block a paragraph. Pure."""

from html.parser import HTMLParser

_BLOCKS = frozenset(
    [
        *("p", "li", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote"),
        *("section", "div", "ul", "ol", "table", "tr", "br", "hr"),
    ]
)
_BEFORE = {"li": "• ", "h2": "", "td": " | ", "th": " | "}


def of(html: str) -> str:
    """Without markup; numbers of citations stand in brackets."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "\n\n".join(reader.finished())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[str] = []
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._end()
        self._words.append(_BEFORE.get(tag, ""))
        if ("class", "citation") in attrs:
            self._words.append("[")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._end()
        elif tag == "sup":
            self._words.append("]")

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def finished(self) -> list[str]:
        self._end()
        return self._blocks

    def _end(self) -> None:
        text = " ".join("".join(self._words).split())
        if text.strip("•| "):
            self._blocks.append(text.removeprefix("| "))
        self._words = []
