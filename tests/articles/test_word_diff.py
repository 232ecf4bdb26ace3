"""Which words differ between two texts."""

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.word_diff import Run, hunks, tokens, words

texts = st.text(alphabet="ab5 .,\n-’\u200b\tä", max_size=60) | st.text(max_size=40)


def sides(runs) -> tuple[str, str]:
    before = "".join(run.text for run in runs if run.kind != "insert")
    return before, "".join(run.text for run in runs if run.kind != "delete")


@given(texts, texts)
def test_the_runs_join_to_both_texts(before, after):
    assert sides(words(before, after)) == (before, after)


@given(texts)
def test_a_text_does_not_differ_from_itself(text):
    assert words(text, text) == ((Run("equal", text),) if text else ())


@given(texts, texts)
def test_equal_runs_never_stand_beside_each_other(before, after):
    kinds = [run.kind for run in words(before, after)]
    assert [pair for pair in pairwise(kinds) if pair[0] == pair[1]] == []


@given(texts, texts)
def test_hunks_hold_every_change_and_no_other(before, after):
    runs = words(before, after)
    shown = [run for hunk in hunks(runs, context=2) for run in hunk if run.kind != "equal"]
    assert shown == [run for run in runs if run.kind != "equal"]


@given(texts)
def test_tokens_join_to_the_text(text):
    assert "".join(tokens(text)) == text


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("Take 5 mg daily.", "Take 50 mg daily.", [("delete", "5"), ("insert", "50")]),
        ("for hypertension", "for hypotension", [("delete", "hypertension"), ("insert", "hypotension")]),
        ("about 1,000 people", "about 1.000 people", [("delete", "1,000"), ("insert", "1.000")]),
        ("It doesn't help.", "It does help.", [("delete", "doesn't"), ("insert", "does")]),
        ("It helps", "It helps now", [("insert", " now")]),
        ("one two three", "one four five", [("delete", "two three"), ("insert", "four five")]),
    ],
)
def test_a_change_is_shown_by_whole_words(before, after, changes):
    assert [(run.kind, run.text) for run in words(before, after) if run.kind != "equal"] == changes


def test_far_apart_changes_are_hunks_of_their_own_with_words_around_them():
    filler = " ".join(f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(100))
    found = hunks(words(f"alpha {filler} beta", f"gamma {filler} delta"), context=3)

    assert len(found) == 2
    assert [run.kind for run in found[0]] == ["delete", "insert", "equal"]
    assert found[0][-1].text.endswith("…")
    assert found[1][0].text.startswith("…")


def test_what_nobody_sees_is_spelled_out():
    assert Run("insert", "a\u200bb").shown == "a⟨U+200B⟩b"
    assert Run("equal", "a\u202eb").shown == "a⟨U+202E⟩b"
    assert Run("delete", " ").shown == "␣"
    assert Run("insert", "\n\n").shown == "¶\n¶\n"
    assert Run("insert", "\u00a0").shown == "⟨no-break space⟩"
    assert Run("equal", " ").shown == " "


def long_text(kind: str) -> str:
    chance = random.Random(7)
    if kind == "prose":
        return "\n\n".join(" ".join(chance.choice(VOCABULARY) for _ in range(60)) for _ in range(600))
    if kind == "one paragraph":
        return " ".join(chance.choice(VOCABULARY) for _ in range(36_000))
    if kind == "two words":
        return " ".join(chance.choice(("aa", "bb")) for _ in range(66_000))
    return "\n\n".join("same" for _ in range(33_000))


VOCABULARY = [f"{a}{b}{c}" for a in "bdgk" for b in "aeiou" for c in ("st", "rn", "ll")]


@pytest.mark.parametrize("kind", ["prose", "one paragraph", "two words", "same lines"])
def test_long_texts_are_compared_quickly(kind):
    before = long_text(kind)
    places = range(1000, len(before), 20_000)
    after = before
    for place in places:
        after = after[:place] + " changed here " + after[place:]
    began = time.process_time()

    runs = words(before, after)

    assert time.process_time() - began < 5
    assert sides(runs) == (before, after)


def test_long_texts_with_nothing_in_common_are_compared_quickly():
    before, after = long_text("two words"), long_text("prose")
    began = time.process_time()

    assert sides(words(before, after)) == (before, after)

    assert time.process_time() - began < 5
