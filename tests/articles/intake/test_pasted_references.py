"""Reference lists of pasted pages in the layouts they come in."""

from articles.intake import Manuscript, read


def pasted(text: str) -> Manuscript:
    return read(text.encode(), name="page.txt")


def test_numbered_references_with_identifiers_are_read():
    manuscript = pasted(
        "A title\n\nText 1.\n\nReferences\n\n"
        "1. Smith J, Roe P. A trial of rest. J Rest 2020;12(3):45-50. doi:10.1000/rest.1. PMID: 12345678\n"
        "2. Doe A. (2019). Sleep and pain. Journal of Sleep, 4(1), 2-9. https://doi.org/10.1000/sleep(2)x\n"
        "[3] An older guideline on rest. A society, 2001\n"
    )
    assert [(item.number, item.kind, item.title, item.source, item.year) for item in manuscript.references] == [
        (1, "research", "A trial of rest", "J Rest", 2020),
        (2, "research", "Sleep and pain", "Journal of Sleep", 2019),
        (3, "guideline", "An older guideline on rest", "A society", 2001),
    ]
    assert manuscript.references[0].identifiers == {"DOI": "10.1000/rest.1", "PMID": "12345678"}
    assert manuscript.references[1].identifiers == {"DOI": "10.1000/sleep(2)x"}
    assert manuscript.references[0].csl["author"] == [
        {"family": "Smith", "given": "J"},
        {"family": "Roe", "given": "P"},
    ]


def test_a_label_may_head_several_references():
    manuscript = pasted(
        "A title\n\nText.\n\nReferences\n\nResearch\n\nFirst trial.\nJ One, 2001\n\nSecond trial.\nJ Two, 2002\n"
        "PMID: 123\n\nOther\n\nA page\nAn office, 2003\nhttps://example.org/a\n"
    )
    assert [(item.kind, item.title, item.source, item.year) for item in manuscript.references] == [
        ("research", "First trial", "J One", 2001),
        ("research", "Second trial", "J Two", 2002),
        ("other", "A page", "An office", 2003),
    ]
    assert manuscript.references[2].csl["type"] == "webpage"


def test_what_an_entry_says_beyond_its_fields_is_kept_in_a_note():
    manuscript = pasted("A title\n\nText.\n\nReferences\n\n1. Roe P. A trial. J One 2001;2:3. Reprinted in Leeds.\n")
    assert "Reprinted in Leeds" in manuscript.references[0].csl["note"]


def test_a_label_without_a_reference_is_not_placed():
    manuscript = pasted("A title\n\nText.\n\nReferences\n\nGuideline\n\nResearch\n\nA trial.\nJ One, 2001\n\nOther\n")
    assert [(item.kind, item.title) for item in manuscript.references] == [("research", "A trial")]
    assert [(item.line, item.text) for item in manuscript.unplaced] == [(7, "Guideline"), (14, "Other")]
