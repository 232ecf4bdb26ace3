"""Pages pasted as text: what becomes of every line."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import sections
from articles.intake import IntakeError, Manuscript, read

PAGE = Path(__file__).parent / "data" / "pasted_page.txt"


def pasted(text: str) -> Manuscript:
    return read(text.encode(), name="page.txt")


@pytest.fixture(scope="module")
def page() -> Manuscript:
    return read(PAGE.read_bytes(), name=PAGE.name)


def headings(manuscript: Manuscript) -> list[tuple[str, str]]:
    found = sections.sections_of(manuscript.variants[0].markdown)
    return [(section.heading, section.kind.value) for section in found]


def test_the_first_line_is_the_title(page):
    assert page.title == "Does magnesium help with night-time leg cramps (nocturnal leg cramps)?"


def test_sections_carry_their_kind(page):
    assert headings(page) == [
        ("From the Guidelines", "guideline"),
        ("Key Points to Consider", "key_points"),
        ("Recommendations for Clinical Practice", "recommendations"),
        ("From the Research", "research"),
        ("Limitations and Future Directions", "limitations"),
    ]


def test_a_heading_under_a_bare_section_heading_stands_inside_that_section(page):
    assert (
        "## From the Research {.research}\n\n### Efficacy of Magnesium in Older Adults\n\n- Several trials"
        in page.variants[0].markdown
    )


def test_references_have_kind_title_source_and_year(page):
    assert [(item.number, item.key, item.kind, item.title, item.source, item.year) for item in page.references] == [
        (
            1,
            "ref1",
            "guideline",
            "Guideline Directed Topic Overview",
            "Example Health Advisory Board & Editors",
            2026,
        ),
        (
            2,
            "ref2",
            "research",
            "Magnesium for skeletal muscle cramps",
            "The Cochrane database of systematic reviews",
            2020,
        ),
        (
            3,
            "ref3",
            "research",
            "Effect of magnesium oxide therapy for nocturnal leg cramps: a randomised trial",
            "Journal of examples",
            2017,
        ),
    ]


def test_a_research_reference_is_a_journal_article_in_csl(page):
    assert page.references[1].csl == {
        "id": "ref2",
        "type": "article-journal",
        "title": "Magnesium for skeletal muscle cramps",
        "container-title": "The Cochrane database of systematic reviews",
        "issued": {"date-parts": [[2020]]},
    }


def test_a_guideline_is_a_report_with_a_publisher_in_csl(page):
    assert page.references[0].csl == {
        "id": "ref1",
        "type": "report",
        "title": "Guideline Directed Topic Overview",
        "publisher": "Example Health Advisory Board & Editors",
        "issued": {"date-parts": [[2026]]},
    }


def test_every_marker_is_listed_in_order_with_what_is_sure(page):
    assert [(marker.line, marker.numbers, marker.confirmed) for marker in page.markers] == [
        (20, (1,), False),
        (20, (1,), False),
        (24, (1,), False),
        (33, (5,), False),
        (39, (2, 3, 4), False),
        (40, (3,), True),
        (41, (2,), False),
        (42, (2, 3, 4), False),
        (46, (2, 5, 4), False),
    ]


def test_a_marker_shows_the_words_around_it(page):
    assert page.markers[1].text == ("…A second overview published in 2010 in Neurology 1 also recommends restraint,…")


def test_markers_stand_in_the_markdown_by_key(page):
    assert re.findall(r"\[@[^\]]+\]", page.variants[0].markdown) == [
        "[@ref1]",
        "[@ref1]",
        "[@ref1]",
        "[@ref5]",
        "[@ref2; @ref3; @ref4]",
        "[@ref3]",
        "[@ref2]",
        "[@ref2; @ref3; @ref4]",
        "[@ref2; @ref5; @ref4]",
    ]


@pytest.mark.parametrize(
    "kept", ["stage 3, 4 or 5 kidney disease", "$5-$20", "$1,000", "type 2 diabetes", "94 adults", "30 minutes"]
)
def test_other_numbers_stay_as_they_are(page, kept):
    assert kept in page.variants[0].markdown


def test_furniture_is_left_out_and_reported_by_line(page):
    assert [item.line for item in page.left_out] == [3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 69, 71, 73, 75]
    assert all(item.why for item in page.left_out)


def test_nothing_of_the_page_is_without_a_place(page):
    assert page.unplaced == ()


def test_the_layout_gives_no_short_answer(page):
    assert page.short_answer == ""


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028"])
def test_other_line_ends_make_no_difference(page, end):
    text = PAGE.read_text(encoding="utf-8")
    assert read(text.replace("\n", end).encode(), name="a.txt") == page


def test_non_breaking_spaces_make_no_difference(page):
    text = PAGE.read_text(encoding="utf-8").replace(" 2, 3, 4.", "\u00a02,\u00a03,\u00a04.")
    assert pasted(text).variants == page.variants


@pytest.mark.parametrize("glyph", ["•", "-", "*", "–", "●", "▪", "‣"])
def test_each_kind_of_bullet_makes_a_list(glyph):
    markdown = pasted(f"A title\n\n{glyph} First point\n{glyph} Second point\n").variants[0].markdown
    assert markdown == "- First point\n- Second point\n"


def test_a_bullet_on_its_own_line_belongs_to_the_text_below():
    assert pasted("A title\n\n•\nFirst point\n•\n\nSecond point\n").variants[0].markdown == (
        "- First point\n- Second point\n"
    )


def test_numbered_and_nested_lists_keep_their_shape():
    text = "A title\n\n1. Start low\n2) Go slow\n   - with food\n   - at night\n3. Stop\n\n• One\n  ◦ Inner\n"
    assert pasted(text).variants[0].markdown == (
        "1. Start low\n2. Go slow\n   - with food\n   - at night\n3. Stop\n\n- One\n  - Inner\n"
    )


def test_a_page_without_blank_lines_is_read_too():
    manuscript = pasted(
        "Iron in pregnancy\nFrom the Guidelines\nOral iron comes first 1.\nKey Points\n• Measure ferritin 1.\n"
        "References\nGuideline\nIron guideline.\nA society, 2020\n"
    )
    assert headings(manuscript) == [("From the Guidelines", "guideline"), ("Key Points", "key_points")]
    assert [item.source for item in manuscript.references] == ["A society"]


def test_a_page_without_references_or_furniture_is_read():
    manuscript = pasted("Managing gout\n\nBackground\n\nGout is common.\n")
    assert (manuscript.references, manuscript.left_out, headings(manuscript)) == (
        (),
        (),
        [("Background", "background")],
    )


def test_wrapped_lines_are_no_headings():
    manuscript = pasted("A title\n\nColchicine is used for gout in\nAdults And Children\nof all ages.\n")
    assert headings(manuscript) == []


def test_a_heading_with_nothing_below_it_is_not_placed():
    manuscript = pasted("A title\n\nSome text.\n\nShare Your Story\n")
    assert [(item.line, item.text) for item in manuscript.unplaced] == [(5, "Share Your Story")]


def test_lines_after_the_references_that_are_none_are_not_placed():
    manuscript = pasted(
        "A title\n\nText.\n\nReferences\n\nResearch\n\nA trial.\nJ One, 2001\n\nShare\n\nJoin many doctors\n"
    )
    assert [(item.line, item.text) for item in manuscript.unplaced] == [(14, "Join many doctors")]


@pytest.mark.parametrize(
    "text", ["Only a title", "Submitted\nApproved", "Title\n\nReferences\n\nResearch\nA.\nB, 2001"]
)
def test_a_page_without_text_is_refused(text):
    with pytest.raises(IntakeError):
        pasted(text)


LINES = st.one_of(
    st.sampled_from(PAGE.read_text(encoding="utf-8").split("\n")),
    st.text(alphabet=st.characters(codec="utf-8", exclude_characters="<"), max_size=40),
    st.sampled_from(
        ["References", "Guideline", "•", "- a", "1. b", "A Heading", "word 2, 3.", "Share", "J One, 2001", ""]
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, max_size=30))
def test_every_line_of_any_page_is_accounted_for(lines):
    text = "\n".join(["A title", "", "Some text.", *lines])
    try:
        manuscript = pasted(text)
    except IntakeError:
        return
    known = _everything(manuscript)
    for line in re.split("[\n\r\u0085\u2028\u2029]", text):
        missing = set(_words(line)) - known
        assert not missing, (line, manuscript)


def _everything(manuscript: Manuscript) -> set[str]:
    texts = [manuscript.title, *(variant.markdown for variant in manuscript.variants)]
    texts += [item.text for item in (*manuscript.left_out, *manuscript.unplaced)]
    texts += [str(reference.number) for reference in manuscript.references]
    texts += [marker.text for marker in manuscript.markers]
    for reference in manuscript.references:
        texts += [reference.title, reference.source, str(reference.year), reference.kind]
        texts += [str(value) for value in (*reference.identifiers.values(), *reference.csl.values())]
    if manuscript.references:
        texts.append("references research guideline other")
    return set(_words("\n".join(texts)))


def _words(text: str) -> list[str]:
    plain = re.sub("[\u200b\u200c\u2060\u00ad\ufeff]", "", text.replace("\\", ""))
    return re.findall(r"[^\W_]+", plain.casefold())
