"""The canonical form and its digest: the same for equal content, different for any change."""

import copy
import hashlib
import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.content import MAX_DEPTH, ContentError, canonical, differences, digest, normalised, parse

SNAPSHOT: dict[str, Any] = {
    "schema": 1,
    "title": "Does physiotherapy ease hip pain?",
    "short_answer": "Yes, for most people, within three months.",
    "language": "en",
    "region": "",
    "byline": [{"name": "Ada Brandt", "credentials": "MD"}],
    "funding": "none",
    "origin": "ai_assisted",
    "ai_contributions": [{"tool": "Draftsman", "version": "2", "use": "outline", "prompts": "…"}],
    "topics": [{"slug": "hip", "name": "Hip", "mesh_id": "D006616"}],
    "variants": [
        {
            "audience": "clinician",
            "markdown": "## From the research {.research}\n\nIt helps [@a].",
            "sections": [
                {
                    "heading": "From the research",
                    "kind": "research",
                    "certainty": "low",
                    "strength": None,
                    "rationale": "",
                }
            ],
            "html_sha256": "ab" * 32,
            "citations": ["a"],
        }
    ],
    "citations": [
        {
            "key": "a",
            "kind": "research",
            "csl": {"id": "a", "type": "article-journal", "title": "A trial", "issued": {"date-parts": [[2019, 4, 1]]}},
            "cited_because_retracted": False,
            "rationale": "",
        }
    ],
}


def leaves(value, path=()):
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, (*path, name))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from leaves(item, (*path, place))
    else:
        yield path


def changed(snapshot, path, value):
    copied = copy.deepcopy(snapshot)
    inside = copied
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = value
    return copied


def written(path):
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


LEAVES = list(leaves(SNAPSHOT))
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)))
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text("abcdé ", max_size=5).map(lambda text: unicodedata.normalize("NFC", text)), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@pytest.mark.parametrize("path", LEAVES, ids=written)
@pytest.mark.parametrize("value", ["changed", "", 7, True, False, None])
def test_any_other_value_of_any_leaf_changes_the_digest_and_is_named(path, value):
    other = changed(SNAPSHOT, path, value)
    before = SNAPSHOT
    for step in path:
        before = before[step]
    same = type(before) is type(value) and before == value

    assert (digest(canonical(other)) == digest(canonical(SNAPSHOT))) is same
    assert differences(SNAPSHOT, other) == ([] if same else [written(path)])


@given(path=st.sampled_from(LEAVES), value=VALUES)
def test_digests_are_equal_exactly_when_nothing_differs(path, value):
    other = changed(SNAPSHOT, path, value)
    equal = digest(canonical(other)) == digest(canonical(SNAPSHOT))

    assert equal is (differences(SNAPSHOT, other) == [])


@given(
    path=st.sampled_from([p for p in LEAVES if p[-1] == "markdown"]),
    place=st.integers(0, 40),
    letter=st.characters(codec="utf-8", exclude_characters="\x00"),
)
def test_one_more_character_in_the_text_changes_the_digest(path, place, letter):
    text = SNAPSHOT["variants"][0]["markdown"]
    longer = text[:place] + letter + text[place:]
    same = unicodedata.normalize("NFC", longer) == unicodedata.normalize("NFC", text)

    assert (digest(canonical(changed(SNAPSHOT, path, longer))) == digest(canonical(SNAPSHOT))) is same


@given(st.randoms())
def test_the_order_of_keys_changes_nothing(random):
    def shuffled(value):
        if isinstance(value, dict):
            items = list(value.items())
            random.shuffle(items)
            return {name: shuffled(item) for name, item in items}
        return [shuffled(item) for item in value] if isinstance(value, list) else value

    assert canonical(shuffled(SNAPSHOT)) == canonical(SNAPSHOT)


def test_the_order_of_a_list_counts():
    assert canonical({"topics": ["a", "b"]}) != canonical({"topics": ["b", "a"]})


def test_composed_and_decomposed_letters_are_the_same_text():
    assert canonical({"title": "Caf\u00e9"}) == canonical({"title": "Cafe\u0301"})
    assert canonical({"Caf\u00e9": 1}) == canonical({"Cafe\u0301": 1})
    assert differences({"title": "Caf\u00e9"}, {"title": "Cafe\u0301"}) == []


@given(st.dictionaries(st.text("abcé", max_size=4), VALUES, max_size=5))
def test_canonical_text_reads_back_as_the_normal_form(snapshot):
    text = canonical(snapshot)

    assert parse(text) == normalised(snapshot)
    assert canonical(parse(text)) == text


def test_the_form_is_compact_sorted_and_unescaped():
    assert canonical({"b": [1, True, None], "a": ("é", {})}) == '{"a":["é",{}],"b":[1,true,null]}'


def test_the_digest_is_sha256_of_the_utf8_bytes():
    assert digest('{"a":"é"}') == hashlib.sha256('{"a":"é"}'.encode()).hexdigest()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1.5, "variants[0].markdown is a float"),
        (float("nan"), "variants[0].markdown is a float"),
        ("a\x00b", "variants[0].markdown contains a NUL"),
        ("a\ud800b", "variants[0].markdown contains half a character"),
        (b"bytes", "variants[0].markdown is a bytes"),
        ({"x"}, "variants[0].markdown is a set"),
        (2**53, "variants[0].markdown is a number too large"),
        ({1: "x"}, "variants[0].markdown has the key 1"),
        ({"x\x00": 1}, "contains a NUL"),
        ({"é": 1, "e\u0301": 2}, "variants[0].markdown.é stands twice"),
    ],
)
def test_what_has_no_single_text_form_is_refused_with_its_path(value, words):
    with pytest.raises(ContentError) as refused:
        canonical({"variants": [{"markdown": value}]})

    assert words in str(refused.value)


def test_endless_nesting_is_refused_in_words():
    value: list[Any] = []
    for _ in range(MAX_DEPTH * 100):
        value = [value]

    with pytest.raises(ContentError, match="levels deep"):
        canonical({"deep": value})


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a":1.5}', '{"a":NaN}', '{"a":1,"a":2}', '"x"', "[" * 100_000])
def test_text_that_is_no_snapshot_is_refused_in_words(text):
    with pytest.raises(ContentError):
        parse(text)


def test_a_snapshot_must_be_a_mapping():
    with pytest.raises(ContentError, match="not list"):
        canonical([])  # type: ignore[arg-type]


def test_true_and_one_are_different():
    assert differences({"a": True}, {"a": 1}) == ["a"]
    assert canonical({"a": True}) != canonical({"a": 1})


def test_differences_name_what_only_one_side_has_as_a_whole():
    a = {"title": "x", "variants": [{"audience": "patient", "markdown": "one"}]}
    b = {"variants": [{"audience": "patient", "markdown": "two"}, {"audience": "student"}], "region": {"a": 1}}

    assert differences(a, b) == ["region", "title", "variants[0].markdown", "variants[1]"]
    assert json.loads(canonical(a))["title"] == "x"
