"""What differs between two snapshots, field by field."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import content
from articles.differences import between
from tests.articles.data.snapshots import snapshot


def changed(**values):
    return snapshot() | values


def named(before, after) -> list[tuple[str, str, str]]:
    return [(found.field, found.label, found.change) for found in between(before, after)]


def text_with(old: str, new: str) -> dict:
    values = snapshot()
    values["variants"][0]["markdown"] = values["variants"][0]["markdown"].replace(old, new)
    return values


def test_a_snapshot_does_not_differ_from_itself():
    assert between(snapshot(), snapshot()) == []


def test_a_changed_dose_is_one_hunk_with_the_words_around_it():
    (found,) = between(snapshot(), text_with("130 mm Hg", "125 mm Hg"))

    assert (found.field, found.label) == ("variants.clinician", "Text for health professionals")
    (hunk,) = found.hunks
    assert [(run.kind, run.text) for run in hunk if run.kind != "equal"] == [("delete", "130"), ("insert", "125")]
    assert hunk[0].text.endswith("A target below ")
    assert hunk[-1].text.startswith(" mm Hg is recommended")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"title": "How high?"}, ("title", "Title", "changed")),
        ({"short_answer": "Below 120."}, ("short_answer", "Short answer", "changed")),
        ({"byline": [{"name": "Ada Lind", "credentials": "MD"}]}, ("byline", "Written by", "changed")),
        ({"conclusions_changed": True}, ("conclusions_changed", "Conclusions changed", "changed")),
        ({"topics": [{"slug": "x", "name": "Stroke", "mesh_id": ""}]}, ("topics", "Topics", "changed")),
        ({"topics": [{"slug": "x", "name": "Hypertension", "mesh_id": ""}]}, ("other", "Other details", "changed")),
        ({"something_new": "yes"}, ("something_new", "Something new", "added")),
        ({"schema": 2}, ("other", "Other details", "changed")),
    ],
)
def test_each_field_is_named(values, expected):
    assert named(snapshot(), changed(**values)) == [expected]


def test_texts_and_references_that_came_or_went_are_named():
    values = snapshot()
    values["variants"].append({**values["variants"][0], "audience": "patient", "markdown": "Plain words."})
    values["citations"][0] = {**values["citations"][0], "key": "esc"}

    assert named(snapshot(), values) == [
        ("variants.patient", "Text for patients and caregivers", "added"),
        ("citations.esc", "Reference esc", "added"),
        ("citations.aha", "Reference aha", "removed"),
    ]


def test_a_changed_doi_is_shown_as_a_line_of_the_reference():
    values = snapshot()
    values["citations"][0]["csl"]["DOI"] = "10.1000/other"
    (found,) = between(snapshot(), values)

    assert found.field == "citations.aha"
    assert "10.1000/other" in "".join(run.text for run in found.runs if run.kind != "delete")


def test_a_page_that_is_rendered_otherwise_is_no_secret():
    values = snapshot()
    values["variants"][0]["html_sha256"] = "f" * 64
    (found,) = between(snapshot(), values)

    assert found.field == "other"
    assert "variants[0].html_sha256: " in found.runs[0].text


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | TEXTS,
    lambda v: st.lists(v, max_size=2) | st.dictionaries(st.sampled_from(["a", "key", "name"]), v, max_size=2),
    max_leaves=5,
)
NAMES = st.sampled_from([*snapshot(), "new"])


@given(NAMES, VALUES)
def test_no_difference_is_silent_and_no_shape_is_an_error(name, value):
    after = copy.deepcopy(snapshot()) | {name: value}
    same = content.canonical(after) == content.canonical(snapshot())
    assert (between(snapshot(), after) == []) is same
    assert (between(after, snapshot()) == []) is same


@given(st.sampled_from(["markdown", "audience", "html_sha256", "citations", "sections", "new"]), VALUES)
def test_no_difference_inside_a_text_is_silent(name, value):
    after = snapshot()
    after["variants"][0][name] = value
    same = content.canonical(after) == content.canonical(snapshot())
    assert (between(snapshot(), after) == []) is same
