from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.csl import csl_of, fields_of
from articles.models import Reference

words = st.text(alphabet="abcdefghijklmnopqrstuvwxyzÅéßńш0123456789 .:-–'()&", min_size=1, max_size=30).map(str.strip)
names = words.map(lambda text: text.strip() or "Feld")
authors = st.one_of(
    st.builds(lambda family, given: f"{family}, {given}", names, names),
    names,
)
json_values = st.one_of(words, st.integers(0, 9999), st.lists(words, max_size=2))
columns = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["guideline", "research", "other"]),
        "csl_type": st.sampled_from(["article-journal", "report", "webpage", "book"]),
        "title": names,
        "authors": st.lists(authors, max_size=4).map("\n".join),
        "year": st.none() | st.integers(1600, 2100),
        "accessed_on": st.none() | st.dates(),
        "extra": st.dictionaries(
            st.sampled_from(["note", "language", "edition", "collection-title", "number"]), json_values, max_size=3
        ),
        **{
            name: st.just("") | words
            for name in (
                "container_title", "publisher", "volume", "issue", "page", "doi", "pmid", "pmcid", "isbn", "url",
            )
        },
    }
)  # fmt: skip


@given(columns)
def test_a_reference_survives_the_way_to_csl_and_back(values):
    item = csl_of(Reference(**values))
    again = Reference(**fields_of(item, values["kind"]))
    assert csl_of(again) == item


@given(columns)
def test_an_item_holds_no_empty_property(values):
    assert [name for name, value in csl_of(Reference(**values)).items() if value in ("", [], None)] == []


@given(columns)
def test_an_item_holds_only_what_a_snapshot_may(values):
    def plain(value: object) -> bool:
        if isinstance(value, dict):
            return all(isinstance(key, str) and plain(inner) for key, inner in value.items())
        if isinstance(value, list):
            return all(map(plain, value))
        return isinstance(value, str | int)

    assert plain(csl_of(Reference(**values)))


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Feld, Nora", {"family": "Feld", "given": "Nora"}),
        ("  Feld ,  Nora A ", {"family": "Feld", "given": "Nora A"}),
        ("SPRINT Research Group", {"literal": "SPRINT Research Group"}),
        ("Feld, Nora, Jr", {"family": "Feld", "given": "Nora, Jr"}),
    ],
)
def test_an_author_is_a_line(line, name):
    item = csl_of(Reference(title="T", authors=line))
    assert item["author"] == [name]
    assert csl_of(Reference(**fields_of(item, "other")))["author"] == [name]


@pytest.mark.parametrize("line", ["Plato,", "Plato"])
def test_a_single_name_survives_whether_or_not_a_comma_follows(line):
    item = csl_of(Reference(title="T", authors=line))
    assert csl_of(Reference(**fields_of(item, "other"))) == item


def test_empty_lines_name_nobody():
    assert "author" not in csl_of(Reference(title="T", authors="\n  \n"))


def test_a_full_date_is_kept_beside_the_year():
    item = {"title": "T", "type": "article-journal", "issued": {"date-parts": [[2015, 11, 26]]}}
    fields = fields_of(item, "research")
    assert fields["year"] == 2015
    assert csl_of(Reference(**fields)) == item


def test_a_year_that_an_editor_corrects_shows():
    reference = Reference(**fields_of({"title": "T", "issued": {"date-parts": [[2015, 11, 26]]}}, "research"))
    reference.year = 2016
    assert csl_of(reference)["issued"] == {"date-parts": [[2016]]}


def test_a_bare_year_needs_nothing_further():
    fields = fields_of({"title": "T", "issued": {"date-parts": [["2015"]]}}, "research")
    assert (fields["year"], fields["extra"]) == (2015, {})


@pytest.mark.parametrize(
    "issued", [None, {}, {"date-parts": []}, {"date-parts": [[]]}, {"date-parts": [["soon"]]}, {"raw": "2015"}, "2015"]
)
def test_a_date_that_cannot_be_read_is_no_year_and_no_error(issued):
    assert fields_of({"title": "T", "issued": issued}, "other")["year"] is None


@pytest.mark.parametrize(
    ("parts", "day"),
    [([2026, 3, 2], date(2026, 3, 2)), ([2026, 2, 30], None), ([2026], None), ([0, 0, 0], None)],
)
def test_the_day_of_access_is_a_real_day_or_none(parts, day):
    assert fields_of({"title": "T", "accessed": {"date-parts": [parts]}}, "other")["accessed_on"] == day


def test_numbers_become_text_and_a_missing_type_an_article():
    fields = fields_of({"title": "T", "volume": 82, "page": None}, "research")
    assert (fields["volume"], fields["page"], fields["csl_type"]) == ("82", "", "article-journal")


def test_properties_without_a_column_are_kept_and_those_with_one_are_not_doubled():
    item = {"id": "aha", "kind": "x", "title": "T", "DOI": "10.1/x", "note": "n", "edition": 2, "author": []}
    assert fields_of(item, "other")["extra"] == {"note": "n", "edition": 2}


def test_a_column_wins_over_a_further_property_of_the_same_name():
    assert csl_of(Reference(title="Mine", extra={"title": "Theirs"}))["title"] == "Mine"
