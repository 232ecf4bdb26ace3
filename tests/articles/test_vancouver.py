"""References in Vancouver style: the shape of each kind of source, encoded links, and no error on odd input."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.vancouver import authors, earliest_day, field, links, text, year

SPRINT = {
    "type": "article-journal",
    "author": [{"literal": "SPRINT Research Group"}],
    "title": "A Randomized Trial of Intensive versus Standard Blood-Pressure Control",
    "container-title": "N Engl J Med",
    "issued": {"date-parts": [[2015, 11, 26]]},
    "volume": 373,
    "issue": "22",
    "page": "2103-2116",
    "DOI": "10.1056/NEJMoa1511939",
    "PMID": 26551272,
}


def test_a_journal_article_has_year_volume_issue_and_pages():
    assert text(SPRINT) == (
        "SPRINT Research Group. A Randomized Trial of Intensive versus Standard Blood-Pressure Control."
        " N Engl J Med. 2015;373(22):2103–2116."
    )


@pytest.mark.parametrize(
    ("missing", "ending"),
    [
        (("volume", "issue", "page"), "N Engl J Med. 2015."),
        (("issue",), "N Engl J Med. 2015;373:2103–2116."),
        (("issued",), "N Engl J Med. 373(22):2103–2116."),
        (("container-title", "volume", "issue", "page"), "Blood-Pressure Control. 2015."),
    ],
)
def test_a_missing_part_leaves_no_hole(missing, ending):
    assert text({name: value for name, value in SPRINT.items() if name not in missing}).endswith(ending)


def test_six_authors_are_shown_and_the_rest_are_et_al():
    people = [{"family": f"Name{letter}", "given": "Jean-Paul Q."} for letter in "ABCDEFG"]

    assert authors({"author": people[:6]}) == ", ".join(f"Name{letter} JPQ" for letter in "ABCDEF")
    assert authors({"author": people}) == ", ".join(f"Name{letter} JPQ" for letter in "ABCDEF") + ", et al"
    assert text({"author": people, "title": "T"}).endswith("NameF JPQ, et al. T.")


def test_particles_suffixes_and_single_names_are_kept():
    people = [
        {"non-dropping-particle": "van", "family": "Gogh", "given": "V."},
        {"family": "King", "given": "Martin", "suffix": "Jr"},
        {"family": "Plato"},
    ]
    assert authors({"author": people}) == "van Gogh V, King M Jr, Plato"


def test_a_title_with_its_own_mark_gets_no_full_stop():
    assert text({"title": "Does it work?", "container-title": "BMJ", "issued": {"date-parts": [["2020"]]}}) == (
        "Does it work? BMJ. 2020."
    )


def test_a_book_has_publisher_and_edition():
    book = {"type": "book", "title": "Hips", "edition": 2, "publisher": "Press", "issued": {"date-parts": [[2019, 3]]}}
    assert text(book) == "Hips. 2 ed. Press; 2019."


def test_a_chapter_names_its_book():
    chapter = {"type": "chapter", "title": "Pain", "container-title": "Hips", "publisher": "Press", "page": "3-9"}
    assert text(chapter) == "Pain. In: Hips. Press:3–9."


def test_a_web_page_says_when_it_was_read():
    page = {
        "type": "webpage",
        "title": "Hip pain",
        "publisher": "NHS",
        "issued": {"date-parts": [[2024, 3]]},
        "accessed": {"date-parts": [[2025, 3, 4]]},
    }
    assert text(page) == "Hip pain [Internet]. NHS; 2024 Mar [cited 2025 Mar 4]."


def test_links_are_encoded_and_labelled():
    csl = {
        "DOI": "10.1002/(SICI)1096-8644(199601)99:1<1::AID-AJPA1>3.0.CO;2-1",
        "PMID": 26551272,
        "PMCID": "PMC4689591",
        "URL": "https://x.org/a b",
    }
    assert links(csl) == [
        ("DOI", "https://doi.org/10.1002/(sici)1096-8644(199601)99%3A1%3C1%3A%3Aaid-ajpa1%3E3.0.co%3B2-1"),
        ("PubMed", "https://pubmed.ncbi.nlm.nih.gov/26551272/"),
        ("PubMed Central", "https://pmc.ncbi.nlm.nih.gov/articles/PMC4689591/"),
    ]


def test_an_address_that_repeats_the_doi_is_shown_once():
    assert links({"DOI": "10.1/x", "URL": "https://x.org"}) == [("Web page", "https://x.org")]
    assert links({"DOI": "10.1056/X", "URL": "https://doi.org/10.1056/x"}) == [("DOI", "https://doi.org/10.1056/x")]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:x", "/x", 'https://x.org/"><script>'])
def test_a_dangerous_address_gives_no_link(address):
    assert links({"URL": address}) == []


def test_dates_are_read_or_missing():
    assert year({"issued": {"date-parts": [["2019", 2]]}}) == 2019
    assert year({"issued": {"raw": "2019"}}) is None
    assert earliest_day({"accessed": {"date-parts": [[2025, 3]]}}, "accessed") == date(2025, 3, 1)
    assert earliest_day({"accessed": {"date-parts": [[2025, 2, 30]]}}, "accessed") is None
    assert earliest_day({}, "accessed") is None


def test_a_field_is_one_line_of_text():
    assert field({"a": " x\n y "}, "a") == "x y"
    assert field({"a": 7}, "a") == "7"
    assert [field({"a": value}, "a") for value in (True, None, [], {}, 1.5)] == ["", "", "", "", ""]


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["family", "date-parts", "literal"]), inner)
    ),
    max_leaves=6,
)
FIELDS = ["type", "title", "author", "issued", "accessed", "volume", "page", "DOI", "PMID", "PMCID", "URL", "publisher"]


@given(st.dictionaries(st.sampled_from(FIELDS), ODD, max_size=6))
def test_odd_items_never_raise(csl):
    assert "\n" not in text(csl)
    assert all(address.startswith(("http://", "https://")) for _, address in links(csl))
