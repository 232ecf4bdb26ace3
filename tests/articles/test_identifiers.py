"""Identifiers as people paste them, in one normal form or refused in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.identifiers import (
    IdentifierError,
    normal_doi,
    normal_isbn,
    normal_pmcid,
    normal_pmid,
    normal_url,
)

SICI = "10.1002/(sici)1096-8644(199601)99:1<1::aid-ajpa1>3.0.co;2-1"


@pytest.mark.parametrize(
    ("given_text", "normal"),
    [
        ("10.1056/NEJMoa1511939", "10.1056/nejmoa1511939"),
        ("  doi:10.1056/NEJMoa1511939 ", "10.1056/nejmoa1511939"),
        ("DOI: 10.1056/NEJMoa1511939.", "10.1056/nejmoa1511939"),
        ("https://doi.org/10.1056/NEJMoa1511939", "10.1056/nejmoa1511939"),
        ("http://dx.doi.org/10.1056/NEJMoa1511939?ref=x#top", "10.1056/nejmoa1511939"),
        ("doi.org/10.1056/NEJMoa1511939", "10.1056/nejmoa1511939"),
        ("<https://doi.org/10.1056/NEJMoa1511939>", "10.1056/nejmoa1511939"),
        ("10.1016/S0140-6736(98)07019-6", "10.1016/s0140-6736(98)07019-6"),
        ("(10.1016/S0140-6736(98)07019-6)", "10.1016/s0140-6736(98)07019-6"),
        ("10.1002/(SICI)1096-8644(199601)99:1<1::AID-AJPA1>3.0.CO;2-1", SICI),
        ("https://doi.org/10.1002/(SICI)1096-8644(199601)99:1%3C1::AID-AJPA1%3E3.0.CO;2-1", SICI),
        ("10.1000.10/abc", "10.1000.10/abc"),
    ],
)
def test_a_doi_loses_prefix_link_and_capitals_but_no_character_of_its_own(given_text, normal):
    assert normal_doi(given_text) == normal
    assert normal_doi(normal) == normal


@pytest.mark.parametrize(
    "text",
    ["", "10.1056", "10.1056/", "11.1056/x", "10.12/x", "10.1056/a b", "https://example.org/10.1056/x", "x" * 9999],
)
def test_what_is_no_doi_is_refused_in_words(text):
    with pytest.raises(IdentifierError, match="isn't a DOI; one looks like"):
        normal_doi(text)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("26551272", "26551272"),
        ("PMID: 26551272", "26551272"),
        ("pmid26551272", "26551272"),
        ("https://pubmed.ncbi.nlm.nih.gov/26551272/", "26551272"),
        ("0000123", "123"),
    ],
)
def test_a_pmid_is_digits_alone(text, normal):
    assert normal_pmid(text) == normal


@pytest.mark.parametrize("text", ["", "0", "123456789", "12a", "PMC123", "١٢٣", "-5"])
def test_what_is_no_pmid_is_refused_in_words(text):
    with pytest.raises(IdentifierError, match="isn't a PMID"):
        normal_pmid(text)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("PMC4689591", "PMC4689591"),
        ("pmc4689591", "PMC4689591"),
        ("PMCID: PMC4689591", "PMC4689591"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC4689591/", "PMC4689591"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC4689591", "PMC4689591"),
    ],
)
def test_a_pmcid_is_pmc_and_digits(text, normal):
    assert normal_pmcid(text) == normal


@pytest.mark.parametrize("text", ["", "4689591", "PMC", "PMC12x"])
def test_what_is_no_pmcid_is_refused_in_words(text):
    with pytest.raises(IdentifierError, match="isn't a PMCID"):
        normal_pmcid(text)


@pytest.mark.parametrize("text", ["0-306-40615-2", "978-0-306-40615-7", "ISBN 9780306406157", "ISBN-10: 0306406152"])
def test_an_isbn_becomes_thirteen_digits(text):
    assert normal_isbn(text) == "9780306406157"


@pytest.mark.parametrize("text", ["", "0-306-40615-3", "12345", "abc"])
def test_an_isbn_with_a_wrong_check_digit_is_refused_in_words(text):
    with pytest.raises(IdentifierError, match="check digit"):
        normal_isbn(text)


def test_an_address_keeps_its_path_and_lowers_its_host():
    assert (
        normal_url(" HTTPS://WWW.NICE.org.uk/Guidance/NG226?x=1#A ") == "https://www.nice.org.uk/Guidance/NG226?x=1#A"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nice.org.uk",
        "ftp://x.org/",
        "javascript:alert(1)",
        "https://",
        "https://a@b.org/",
        "https://a b.org",
        "http://[x",
    ],
)
def test_what_is_no_web_address_is_refused_in_words(text):
    with pytest.raises(IdentifierError, match="isn't a web address"):
        normal_url(text)


@given(st.text(max_size=60), st.sampled_from([normal_doi, normal_pmid, normal_pmcid, normal_isbn, normal_url]))
def test_any_text_is_normal_or_refused_and_normal_stays(text, normal):
    try:
        once = normal(text)
    except IdentifierError as error:
        words = str(error)
    else:
        words = "“" if normal(once) == once else "changes again"
    assert words.startswith("“")
