"""Throw generated manuscripts at each intake format: read or refused in words, never an exception, in under a second.

Run ``python -m tests.load.intake_fuzz [--count 5000] [--seed N]``: so many through each format. It prints how many were
read and refused, and the slowest with its time, which is the processor's: on a busy machine others' work doesn't count.
A failure prints the seed and number that repeat it, and ends with exit code 1.
"""

import argparse
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from articles.intake import IntakeError, read

PAGE = """Does magnesium help with leg cramps?

Medical Advisory BoardAll articles are reviewed for accuracy by our Medical Advisory Board
Article Review Status
Submitted
Under Review
Approved

Last updated: March 3, 2026View editorial policy

From the Guidelines

Magnesium is not advised for leg cramps in older adults. A study in Neurology 1 also recommends restraint.

Key Points to Consider

  • Evidence is conflicting 1.
  • People with type 2 diabetes have cramps more often 2, 3.

From the Research

Efficacy in Older Adults

  • Trials compared magnesium with placebo 2, 3, 4.

References

Guideline

An overview

A society, 2026

Research

Magnesium for cramps.

A journal, 2020

Have a follow-up question?
"""
MARKDOWN = """---
title: Does magnesium help with leg cramps?
short_answer: Probably not.
language: en
topics: [Leg cramps, Magnesium]
byline:
  - name: Ana Roe
    credentials: MD
funding: none
ai_contribution: {tool: Drafter, version: "1.10"}
references:
  - id: roe2015
    type: article-journal
    title: Rest for cramps
    issued: {date-parts: [[2015, 11]]}
    DOI: 10.1000/abc
  - Doe A. A second trial. J Two 2002;5:6-7. PMID 123
---

## From the guidelines {.guideline certainty=low}

Stretch first [@roe2015]. Rest helps [1, 2].

| Dose | Effect |
|------|--------|
| 5 mg | none   |

# For patients {audience=patient}

In plain words [2].
"""
TOKENS = [
    "---\n", "\n\n", "\n", "# ", "## ", "### ", "• ", "- ", "1. ", "[1]", "[@a]", "[@a; @b]", "[1-4]",
    " 2, 3.", "](", "![", "<b>", "<script>", "p < 0.05 ", "{.guideline}", "{audience=patient}", "```\n",
    "`", "*", "_", "|", "&amp;", "\\", "²", "References\n", "Guideline\n", "Research\n", "J One, 2001\n",
    "doi:10.1000/abc(1) ", "PMID: 12 ", "Submitted\n", "title: ", "references:\n", "  - ", "id: a\n",
    "variants:\n", "patient: |\n", "{", "}", "[", "]", ": ", "'", '"', "!!str ", "&a ", "*a",
    "Personalize\n", "Disclaimer\n", "\u00a0", "\u200b", "\u2028", "\t", "é", "漢字", "🙂", "e\u0301",
    "\ufeff", "word ", "Title Case ",
]  # fmt: skip
MOST_SECONDS = 1.0
HOSTILE = [b"\x00", b"\xff", b"\xfe\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\x1b[2J", b"\x89PNG", b"%PDF", b"\r", b"\x85"]


@dataclass
class Tally:
    """What became of one format's manuscripts; ``slowest`` is (seconds, number, bytes)."""

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, int, int] = (0.0, 0, 0)


def mutated(rng: random.Random, seed_text: str) -> bytes:
    """A believable manuscript with a few pieces cut, doubled, moved or replaced."""
    text = seed_text
    for _ in range(rng.randint(1, 3)):
        at, end = sorted(rng.randint(0, len(text)) for _ in range(2))
        end = min(end, at + rng.choice((1, 5, 40, 400)))
        text = text[:at] + rng.choice(("", text[at:end] * 2, rng.choice(TOKENS), text[at:end][::-1])) + text[end:]
    return text.encode()


def structured(rng: random.Random, seed_text: str) -> bytes:
    """A random run of the pieces that the formats give meaning to."""
    head = rng.choice(("", "---\ntitle: T\n---\n", "# T\n\nText.\n", seed_text))
    return (head + "".join(rng.choices(TOKENS, k=rng.randint(1, 400)))).encode()


def repeated(rng: random.Random, seed_text: str) -> bytes:
    """One piece over and over, up to the limit of a file: where quadratic time would show."""
    head = rng.choice(("", "---\ntitle: T\na: ", "# T\n\nText.\n", "T\n\nText.\n\nReferences\n\n"))
    piece = "".join(rng.choices(TOKENS, k=rng.randint(1, 3)))
    size = rng.choice((1_000, 50_000, 190_000, 1_000_000))
    tail = rng.choice(("", "\n---\nText.\n"))
    return (head + piece * (size // len(piece.encode())) + tail).encode()[: 1024 * 1024]


def hostile(rng: random.Random, seed_text: str) -> bytes:
    """A manuscript with bytes in it that are no text, or nothing but bytes."""
    if rng.random() < 0.3:
        return rng.randbytes(rng.randint(0, 2000))
    data = seed_text.encode()
    at = rng.randint(0, len(data))
    return data[:at] + rng.choice(HOSTILE) + data[at:]


KINDS: tuple[Callable[[random.Random, str], bytes], ...] = (mutated, mutated, structured, repeated, hostile)
FORMATS = (("page.txt", PAGE), ("page.md", MARKDOWN))


def run(name: str, seed_text: str, *, count: int, seed: int) -> Tally:
    """Read ``count`` manuscripts. Raises AssertionError, with what repeats it, at the first exception."""
    tally = Tally()
    for number in range(count):
        rng = random.Random(f"{seed}/{name}/{number}")
        data = KINDS[number % len(KINDS)](rng, seed_text)
        which = f"--seed {seed}, {name}, manuscript {number}"
        start = time.process_time()
        outcome = attempt(data, name, which)
        taken = time.process_time() - start
        assert taken < MOST_SECONDS, f"{taken:.2f} s: {which}"
        tally.outcomes[outcome] += 1
        tally.slowest = max(tally.slowest, (taken, number, len(data)))
    return tally


def attempt(data: bytes, name: str, which: str) -> str:
    """``read`` or ``refused``; anything else is an AssertionError."""
    try:
        manuscript = read(data, name=name)
    except IntakeError as error:
        if not error.message.strip():
            raise AssertionError(f"a refusal without words: {which}") from error
        return "refused"
    except Exception as error:
        raise AssertionError(f"{type(error).__name__} instead of a refusal: {which}") from error
    assert manuscript.title, f"no title: {which}"
    assert manuscript.variants, f"no text: {which}"
    return "read"


def main(arguments: list[str] | None = None) -> int:
    """Run the fuzz and print its result; 1 when a manuscript was neither read nor refused."""
    parser = argparse.ArgumentParser(description="Generated manuscripts through each intake format.")
    parser.add_argument("--count", type=int, default=5000, help="manuscripts a format (5000)")
    parser.add_argument("--seed", type=int, default=1, help="makes a run repeatable (1)")
    options = parser.parse_args(arguments)
    for name, seed_text in FORMATS:
        try:
            tally = run(name, seed_text, count=options.count, seed=options.seed)
        except AssertionError:
            traceback.print_exc()
            return 1
        seconds, number, size = tally.slowest
        counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(tally.outcomes.items()))
        print(f"{name}: {counts}; slowest {seconds:.2f} s (manuscript {number}, {size:,} bytes)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
