"""Names that can't stand for a source: AI tools, and the publisher of the article itself. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from articles.preflight.document import Reference
from articles.vancouver import field

_ALWAYS_AI = re.compile(
    r"\b(?:chat ?gpt|gpt-?\s?\d[\w.]*|deep ?seek|perplexity(?:\.ai| ai)?|ai (?:assistant|chatbot)"
    r"|large language model|github copilot|microsoft copilot|google (?:gemini|bard))\b",
    re.IGNORECASE,
)
_AI_WHEN_ALONE = re.compile(
    r"(?:anthropic |google |microsoft |bing |meta |openai )?(?:claude|gemini|copilot|bard|llama|grok|mistral)"
    r"(?:[\s-]+(?:ai|v?\d[\d.]*\w*|pro|ultra|opus|sonnet|haiku|flash|advanced|chat|assistant))*"
    r"(?:\s*[(,].*)?",
    re.IGNORECASE,
)
_AI_SITES = (
    "chatgpt.com chat.openai.com gemini.google.com bard.google.com claude.ai copilot.microsoft.com"
    " perplexity.ai www.perplexity.ai chat.deepseek.com grok.com"
)
_AI_HOSTS = frozenset(_AI_SITES.split())
_OWN_BOARD = re.compile(
    r"\bmedical advisory board\b|\badvisory board (?:&|and) editors\b|(?:&|\band\b) editors\b"
    r"|\beditorial (?:team|staff|board)\b|\b(?:our|medical) editors\b",
    re.IGNORECASE,
)


def is_ai(name: str) -> bool:
    """Whether a byline, group author, container or publisher is an AI tool; Claude Bernard is a person."""
    name = " ".join(name.split())
    return bool(_AI_WHEN_ALONE.fullmatch(name)) or bool(_ALWAYS_AI.match(name))


def issuers(reference: Reference) -> Iterator[str]:
    """Who wrote, carried or published a reference, as names."""
    yield from _authors(reference)
    for name in ("container-title", "publisher", "collection-title", "authority"):
        if value := field(reference.csl, name):
            yield value


def ai_source(reference: Reference) -> str:
    """The AI tool that a reference gives as its author, source or site; "" where there is none."""
    host = ""
    try:
        host = urlsplit(field(reference.csl, "URL")).hostname or ""
    except ValueError:
        pass  # an address that can't be read names no tool; another rule finds it
    return next((name for name in issuers(reference) if is_ai(name)), host if host in _AI_HOSTS else "")


def own_issuer(reference: Reference, publisher_names: Iterable[str]) -> str:
    """The name by which a reference is the publisher's own, or a website's board or editors; "" otherwise."""
    own = [f" {plain} " for plain in map(_plain, publisher_names) if len(plain) > 1]
    for name in issuers(reference):
        if _OWN_BOARD.search(name) or any(known in f" {_plain(name)} " for known in own):
            return name
    return ""


def _authors(reference: Reference) -> Iterator[str]:
    given = reference.csl.get("author")
    for author in given if isinstance(given, (list, tuple)) else ():
        if isinstance(author, Mapping):
            named = (field(author, "given"), field(author, "family"))
            if name := field(author, "literal") or " ".join(filter(None, named)):
                yield name


def _plain(name: str) -> str:
    return " ".join(re.findall(r"\w+", name.casefold()))
