"""Rules on the parts every article has: title, short answer, people, money, AI, text and headings."""

from collections import Counter
from collections.abc import Iterator

from articles.preflight.document import Document, listed, rows
from articles.preflight.findings import Finding, finding
from articles.preflight.names import is_ai
from articles.rendering import AUDIENCES, RenderError, render
from articles.sections import Certainty, Strength
from articles.vancouver import field

TITLE_CHARACTERS = 200
SHORT_ANSWER_WORDS = 60
_ORIGINS = ("human", "ai_assisted", "ai_drafted")


def title(document: Document) -> Iterator[Finding]:
    text = field(document.snapshot, "title")
    if not text:
        yield finding("title-missing", "The article has no title; write the question it answers.", "title")
    elif len(text) > TITLE_CHARACTERS:
        message = f"The title has {len(text)} characters; shorten it to {TITLE_CHARACTERS} at most."
        yield finding("title-too-long", message, "title")


def short_answer(document: Document) -> Iterator[Finding]:
    words = len(field(document.snapshot, "short_answer").split())
    if not words:
        message = f"The short answer is missing; answer the question in {SHORT_ANSWER_WORDS} words at most."
        yield finding("short-answer-missing", message, "short answer")
    elif words > SHORT_ANSWER_WORDS:
        message = f"The short answer has {words} words; shorten it to {SHORT_ANSWER_WORDS} at most."
        yield finding("short-answer-too-long", message, "short answer")


def funding(document: Document) -> Iterator[Finding]:
    if not field(document.snapshot, "funding"):
        message = "The article doesn't say who paid for it; name the funding, or write “none”."
        yield finding("funding-missing", message, "funding")


def byline(document: Document) -> Iterator[Finding]:
    names = [field(person, "name") for person in rows(document.snapshot, "byline")]
    if not any(names):
        message = "The article names no author; add at least one person to the byline."
        yield finding("byline-missing", message, "byline")
    for name in filter(is_ai, names):
        message = f"“{name}” is an AI tool and can't be an author; name a person, and the tool as contribution."
        yield finding("ai-as-author", message, "byline")


def origin(document: Document) -> Iterator[Finding]:
    given = field(document.snapshot, "origin")
    if given not in _ORIGINS:
        message = f"The article's origin is “{given}”; choose {listed(list(_ORIGINS)).replace(' and ', ' or ')}."
        yield finding("origin-unknown", message, "origin")
    elif given != "human":
        tools = [field(entry, "tool") for entry in rows(document.snapshot, "ai_contributions")]
        if not any(tools):
            message = "AI had a part in this text, but no tool is named; add tool, version, use and prompts."
            yield finding("ai-contribution-missing", message, "AI contribution")


def topics(document: Document) -> Iterator[Finding]:
    if not rows(document.snapshot, "topics"):
        message = "The article has no topic, so readers can't find it by subject; choose at least one."
        yield finding("topics-missing", message, "topics")


def variants(document: Document) -> Iterator[Finding]:
    if not document.variants:
        yield finding("variant-missing", "The article has no text; write one for at least one audience.", "text")
    for audience, times in Counter(variant.audience for variant in document.variants).items():
        if audience not in AUDIENCES:
            message = f"“{audience}” isn't an audience; choose {', '.join(AUDIENCES)}."
            yield finding("audience-unknown", message, audience)
        elif times > 1:
            message = f"There are {times} texts for the audience “{audience}”; keep one."
            yield finding("audience-twice", message, audience)


def text(document: Document) -> Iterator[Finding]:
    for variant in document.variants:
        if not any(sentence.text for sentence in variant.sentences):
            message = f"The text for the audience “{variant.audience}” is empty; write it or remove the variant."
            yield finding("text-missing", message, variant.audience)
        unreadable = any(section.error for section in variant.sections)
        if variant.audience in AUDIENCES and not unreadable:
            try:
                render(variant.markdown, audience=variant.audience, numbers={})
            except RenderError as error:
                yield finding("text-unrenderable", str(error), variant.audience)


def headings(document: Document) -> Iterator[Finding]:
    for variant in document.variants:
        if variant.first_level_headings:
            message = "The text has a heading of the first level (“# …”), which is the title's; use “## …”."
            yield finding("level-one-heading", message, variant.audience)
        for part in variant.sections:
            if part.error:
                message = f"The heading “{part.section.heading}”: {part.error}."
                yield finding("section-block-invalid", message, variant.audience)
            elif part.starts and not part.section.heading:
                message = "A section's heading is empty; give it words or remove its “##”."
                yield finding("section-heading-empty", message, variant.audience)


def strong_needs_rationale(document: Document) -> Iterator[Finding]:
    for variant in document.variants:
        for section in (part.section for part in variant.sections):
            low = section.certainty in (Certainty.LOW, Certainty.VERY_LOW)
            if low and section.strength == Strength.STRONG and not section.rationale.strip():
                level = str(section.certainty).replace("_", " ")
                message = (
                    f"“{section.heading}” gives a strong recommendation on evidence of {level} certainty;"
                    ' add rationale="…" to its heading, or make it conditional.'
                )
                yield finding("strong-on-low-certainty", message, variant.audience)


RULES = (
    title,
    short_answer,
    funding,
    byline,
    origin,
    topics,
    variants,
    text,
    headings,
    strong_needs_rationale,
)
