import pytest

from articles.html_blocks import Place, passages
from articles.rendering import render

NUMBERS = {"a": 1, "b": 2}


def cut(markdown: str) -> list:
    return list(passages(render(markdown, audience="patient", numbers=NUMBERS).html))


def test_each_section_is_a_passage_with_its_kind_and_anchor():
    found = cut("Before.\n\n## What to do {.recommendations}\n\nRest.\n\n## Limits {.limitations}\n\nFew.")
    assert [(each.place, each.heading, each.text) for each in found] == [
        (Place(), "", "Before."),
        (Place("recommendations", "patient-s1"), "What to do", "Rest."),
        (Place("limitations", "patient-s2"), "Limits", "Few."),
    ]


def test_a_long_section_is_cut_between_paragraphs():
    found = cut("## Long {.other}\n\n" + "\n\n".join(f"{n} " + "word " * 80 for n in range(5)))
    assert [len(each.text) > 400 for each in found] == [True] * 3
    assert [each.heading for each in found] == ["Long"] * 3
    assert " ".join(each.text for each in found).split().count("word") == 400


def test_a_subheading_begins_a_passage_and_is_named_after_its_section():
    assert [each.heading for each in cut("## One\n\na\n\n### Two\n\nb")] == ["One", "One: Two"]


def test_the_text_has_no_numbers_of_notes_and_the_html_has():
    (found,) = cut("## One\n\nIt works [@a; @b]. It is 5 < 6 & “so”.")
    assert found.text == "It works. It is 5 < 6 & “so”."
    assert 'href="#patient-ref-2"' in found.html
    assert "5 &lt; 6 &amp;" in found.html


def test_the_line_with_the_grade_is_shown_and_not_searched():
    (found,) = cut("## One {.guideline certainty=low}\n\nYes.")
    assert found.text == "Yes."
    assert "Certainty of evidence: low" in found.html


def test_lists_and_tables_stay_whole_and_their_words_apart():
    found = cut("## One\n\n- first\n- second\n\n| a | b |\n|---|---|\n| c | d |\n")
    assert [each.text for each in found] == ["first second a b c d"]
    assert found[0].html.count("<table>") == found[0].html.count("</table>") == 1


@pytest.mark.parametrize("markdown", ["", "## Only a heading", "## A\n\n---\n\n## B"])
def test_what_says_nothing_is_no_passage_that_breaks(markdown):
    assert all(each.text == "" for each in cut(markdown))
