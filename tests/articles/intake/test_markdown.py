"""Markdown with front matter: fields, audiences, references, citations, and refusals with their line."""

import json

import pytest

from articles.intake import Manuscript, read
from articles.intake.manuscript import Contribution

FULL = """---
title: Does magnesium help with leg cramps?
short_answer: >
  Probably not in
  older adults.
language: no
region: GB
topics: [Leg cramps, Magnesium]
byline:
  - name: Ana Roe
    credentials: MD
  - Bo Li, PhD
funding: none
origin: ai-assisted
ai_contribution:
  tool: Drafter
  version: 1.10
  use: first draft
  prompts: Summarise the trials.
references:
  - id: roe2015
    title: Rest for cramps
    container-title: Journal of Rest
    issued: 2015-11-26
    DOI: https://doi.org/10.1000/ABC
    PMID: 01234567
    author: [{family: Roe, given: Ana}, "Li, Bo"]
  - id: guide
    type: report
    kind: guideline
    title: Cramp guideline
    publisher: A society
    issued: {date-parts: [[2020, 3]]}
mood: sunny
---

## From the guidelines {.guideline certainty=low}

Stretch first [@guide]. Rest helps [1], [1, 2].
"""


def md(text: str) -> Manuscript:
    return read(text.encode(), name="a.md")


def with_fields(fields: str, body: str = "\nText.\n") -> Manuscript:
    return md(f"---\ntitle: T\n{fields}\n---\n{body}")


@pytest.fixture(scope="module")
def full() -> Manuscript:
    return md(FULL)


def test_plain_fields_are_read(full):
    assert (full.title, full.short_answer, full.language, full.region, full.funding, full.origin) == (
        "Does magnesium help with leg cramps?",
        "Probably not in older adults.",
        "no",
        "GB",
        "none",
        "ai_assisted",
    )


def test_lists_of_people_topics_and_tools_are_read(full):
    assert full.topics == ("Leg cramps", "Magnesium")
    assert full.byline == ({"name": "Ana Roe", "credentials": "MD"}, {"name": "Bo Li", "credentials": "PhD"})
    assert full.ai_contributions == (Contribution("Drafter", "1.10", "first draft", "Summarise the trials."),)


def test_csl_references_become_json_with_text_dates_and_names(full):
    assert json.loads(json.dumps(full.references[0].csl)) == {
        "id": "roe2015",
        "type": "article-journal",
        "title": "Rest for cramps",
        "container-title": "Journal of Rest",
        "issued": {"date-parts": [[2015, 11, 26]]},
        "DOI": "10.1000/ABC",
        "PMID": "01234567",
        "author": [{"family": "Roe", "given": "Ana"}, {"family": "Li", "given": "Bo"}],
    }


def test_references_have_kind_source_year_and_identifiers(full):
    assert [(item.number, item.key, item.kind, item.source, item.year) for item in full.references] == [
        (1, "roe2015", "research", "Journal of Rest", 2015),
        (2, "guide", "guideline", "A society", 2020),
    ]
    assert full.references[0].identifiers == {"DOI": "10.1000/ABC", "PMID": "01234567"}


def test_numbers_in_brackets_become_keys(full):
    assert full.variants[0].markdown == (
        "## From the guidelines {.guideline certainty=low}\n\n"
        "Stretch first [@guide]. Rest helps [@roe2015], [@roe2015; @guide].\n"
    )
    assert [(marker.keys, marker.numbers, marker.confirmed, marker.line) for marker in full.markers] == [
        (("guide",), (2,), True, 39),
        (("roe2015",), (1,), True, 39),
        (("roe2015", "guide"), (1, 2), True, 39),
    ]


def test_an_unknown_field_is_not_placed_and_shown_with_its_line(full):
    assert [(item.line, item.text) for item in full.unplaced] == [(34, "mood: sunny")]


def test_the_first_heading_is_the_title_when_no_field_gives_it():
    manuscript = md("# A title\n\nText.\n")
    assert (manuscript.title, manuscript.variants[0].markdown) == ("A title", "Text.\n")


def test_underlined_headings_count_too():
    manuscript = md("A title\n=======\n\nKey points\n----------\n\nText.\n")
    assert (manuscript.title, manuscript.variants[0].markdown) == ("A title", "## Key points\n\n\nText.\n")


def test_further_level_one_headings_start_sections():
    assert md("# A title\n\n# Key points\n\nText.\n").variants[0].markdown == "## Key points\n\nText.\n"


def test_headings_split_the_body_by_audience():
    manuscript = md("# T\n\nFor doctors.\n\n# For patients {audience=patient}\n\nIn plain words.\n")
    assert [(item.audience, item.markdown) for item in manuscript.variants] == [
        ("clinician", "For doctors.\n"),
        ("patient", "In plain words.\n"),
    ]
    assert [(item.line, item.text) for item in manuscript.left_out] == [(5, "# For patients {audience=patient}")]


def test_variants_of_the_front_matter_join_the_body():
    manuscript = with_fields("audience: general\nvariants:\n  patient: |\n    In plain words [1].")
    assert [(item.audience, item.markdown) for item in manuscript.variants] == [
        ("general", "Text.\n"),
        ("patient", "In plain words [@ref1].\n"),
    ]
    assert manuscript.markers[0].line == 6


@pytest.mark.parametrize(
    "listed",
    [
        'references:\n  - "Roe P. A trial. J One 2001;2:3-4."\n  - Doe A. Second trial. J Two 2002;5:6.',
    ],
)
def test_a_list_of_strings_is_a_numbered_list(listed):
    manuscript = with_fields(listed, "\nRest [1-2].\n")
    assert [(item.key, item.title, item.source, item.year) for item in manuscript.references] == [
        ("ref1", "A trial", "J One", 2001),
        ("ref2", "Second trial", "J Two", 2002),
    ]
    assert manuscript.markers[0].keys == ("ref1", "ref2")


def test_a_references_section_is_the_list():
    manuscript = md(
        "# T\n\nRest [2, 3].\n\n## References\n\n### Guideline\n\n1. A cramp guideline. A society, 2020.\n\n"
        "**Research**\n\n2. Roe P. A trial. *J One* 2001;2:3-4.\n3. Doe A. Second trial. J Two 2002;5:6.\n\n"
        "# For patients {audience=patient}\n\nRest [2].\n"
    )
    assert [(item.number, item.kind, item.title, item.source) for item in manuscript.references] == [
        (1, "guideline", "A cramp guideline", "A society"),
        (2, "research", "A trial", "J One"),
        (3, "research", "Second trial", "J Two"),
    ]
    assert [item.markdown for item in manuscript.variants] == ["Rest [@ref2; @ref3].\n", "Rest [@ref2].\n"]


def test_an_empty_references_section_stays_in_the_text():
    assert md("# T\n\nText.\n\n## References\n").variants[0].markdown == "Text.\n\n## References\n"


def test_code_links_and_escapes_are_no_citations():
    text = "Text `[1]` and [2](https://example.org) and \\[1] and [a][2] and 95% CI [1-2].\n\n```\n[1]\n# x\n```\n"
    manuscript = md(f"# T\n\n{text}")
    assert (manuscript.markers, manuscript.variants[0].markdown) == ((), text)


def test_an_ai_contribution_alone_says_that_tools_assisted():
    assert with_fields("ai_contribution: {tool: Drafter}").origin == "ai_assisted"


@pytest.mark.parametrize(
    ("value", "year"),
    [("2015", 2015), ("'2015-11'", 2015), ("{year: 2015}", 2015), ("[2015, 1]", 2015), ("{raw: spring}", None)],
)
def test_dates_are_read_however_they_are_written(value, year):
    manuscript = with_fields(f"references:\n  - {{title: A, issued: {value}}}")
    assert manuscript.references[0].year == year


def test_inline_tags_stay_and_are_shown():
    manuscript = md("# T\n\nCO<sub>2</sub>\n")
    assert (manuscript.variants[0].markdown, [item.line for item in manuscript.unplaced]) == (
        "CO<sub>2</sub>\n",
        [3],
    )
