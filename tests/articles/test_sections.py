"""Sections: which headings start them, what their blocks say, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.sections import (
    Certainty,
    Section,
    SectionError,
    SectionKind,
    Strength,
    heading_line,
    heading_texts,
    infer_kind,
    parse_heading,
    sections_of,
)

WORDS = st.text("abc XYZ é'“”(),:", min_size=1, max_size=30).map(lambda text: " ".join(text.split())).filter(bool)


def test_a_block_gives_kind_and_grade():
    read = parse_heading(
        'Advice {.guideline certainty=very_low strength=strong rationale="harm is {clear}, \\"sure\\""}'
    )

    assert read == Section(
        "Advice", SectionKind.GUIDELINE, Certainty.VERY_LOW, Strength.STRONG, 'harm is {clear}, "sure"'
    )


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("From the Guidelines", "guideline"),
        ("Key points to consider", "key_points"),
        ("Recommendations for clinical practice", "recommendations"),
        ("From the research", "research"),
        ("Limitations and future directions", "limitations"),
        ("What is arthritis?", "background"),
        ("Costs", "other"),
    ],
)
def test_without_a_block_the_kind_is_inferred(heading, kind):
    assert infer_kind(heading) == kind
    assert parse_heading(heading) == Section(heading, SectionKind(kind))


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ("{.nonsense}", "“nonsense” isn't a kind; it takes guideline"),
        ("{certainty=great}", "“great” isn't a certainty; it takes high"),
        ("{strength=weak}", "isn't a strength"),
        ("{colour=red}", "“colour” isn't known"),
        ("{kind=guideline}", "“kind” isn't known"),
        ("{guideline}", "isn't a section block; write {.guideline"),
        ('{rationale="open}', "isn't a section block"),
        ("{.guideline .research}", "gives its kind twice"),
        ("{certainty=low certainty=high}", "gives its certainty twice"),
    ],
)
def test_a_block_that_cannot_be_read_is_refused_in_words(block, words):
    with pytest.raises(SectionError) as refused:
        parse_heading(f"Advice {block}")

    assert words in str(refused.value)


def test_an_empty_block_says_nothing():
    assert parse_heading("Costs {}") == Section("Costs", SectionKind.OTHER)


@given(
    heading=WORDS,
    kind=st.sampled_from(SectionKind),
    certainty=st.none() | st.sampled_from(Certainty),
    strength=st.none() | st.sampled_from(Strength),
    rationale=st.text('ab "\\{}=.#é', max_size=30).map(lambda text: " ".join(text.split())),
)
def test_a_written_heading_reads_back(heading, kind, certainty, strength, rationale):
    section = Section(heading, kind, certainty, strength, rationale)

    assert parse_heading(heading_line(section).removeprefix("## ")) == section
    assert sections_of(heading_line(section)) == [section]


def test_only_second_level_headings_of_the_text_itself_start_sections():
    markdown = (
        "# T\n\n## One\n\n### Sub\n\n```\n## code\n```\n\n> ## quoted\n\n- ## listed\n\n"
        "Two\n---\n\n##Three\n\n## Four ##\n"
    )

    assert heading_texts(markdown) == ["One", "Two", "Four"]
    assert [section.heading for section in sections_of(markdown)] == ["One", "Two", "Four"]


def test_a_line_separator_inside_a_paragraph_starts_no_heading():
    assert heading_texts("text\u2028## not a heading") == []


@given(st.text('#{}="\\.ab \n', max_size=60))
def test_any_text_is_read_or_refused_in_words(markdown):
    try:
        read = sections_of(markdown)
    except SectionError as error:
        assert error.args[0].startswith("“")  # noqa: PT017
    else:
        assert [parse_heading(text) for text in heading_texts(markdown)] == read
