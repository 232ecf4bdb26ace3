"""What findings say: in the article's own terms, with what to do."""

import pytest


@pytest.mark.parametrize(
    ("keys", "cited", "words"),
    [
        (["ref1", "ref2", "ref3"], "[@ref4; @ref5]", "The text cites 4 and 5, but the list ends at 3;"),
        (
            ["ref1", "ref2", "ref3"],
            "[@ref4]",
            "The text cites 4, but the list ends at 3; add the missing source or remove it",
        ),
        (["ref1", "ref3"], "[@ref2]", "The text cites 2, but the list has no reference 2;"),
        (["ref1", "ref3"], "[@ref5] [@ref2]", "The text cites 2 and 5, but the list has no reference 2 or 5;"),
        (["a"], "[@b]", "The text cites “b”, but the list has no reference “b”;"),
        (["a"], "[@b] [@ref2]", "The text cites 2 and “b”, but the list doesn't have them;"),
        ([], "[@ref10] [@ref9]", "The text cites 9 and 10, but the article lists no references;"),
    ],
)
def test_unresolved_markers_are_named_as_readers_know_them(case, keys, cited, words):
    case.snapshot["citations"] = [{"key": key, "kind": "other", "csl": {}} for key in keys]
    case.snapshot["variants"] = [{"audience": "clinician", "markdown": f"It helps {cited}."}]

    assert case.message("marker-unresolved").startswith(words)


def test_unconfirmed_markers_are_counted(case):
    case.facts["unconfirmed_markers"] = 14

    assert case.message("markers-unconfirmed").startswith("14 citation markers were restored")


def test_malformed_markers_are_quoted_with_line_and_fault_and_do_not_flood(case):
    case.snapshot["variants"][1]["markdown"] = "[@]\n" * 7

    assert case.message("marker-malformed") == (
        "“[@]” (line 1: it names no reference), “[@]” (line 2: it names no reference),"
        " “[@]” (line 3: it names no reference), “[@]” (line 4: it names no reference),"
        " “[@]” (line 5: it names no reference) and 2 more can't be read as a citation;"
        " write [@key], or [@first; @second] for several."
    )
    assert case.codes().count("marker-malformed") == 1


def test_uncited_claims_are_gathered_by_section(case):
    case.cite("## Doses {.other}\n\nTake 5 mg. Then take 10 mg.\n\n- Take 20 mg.")

    assert case.message("claim-uncited") == (
        "In “Doses”, 3 sentences make a clinical claim (a dose, a percentage or a recommendation) without a"
        " citation. The first reads “Take 5 mg.”; cite its source."
    )
    assert case.codes() == ["claim-uncited"]


def test_readability_shows_both_grades_and_doubts_smog_on_short_texts(case):
    case.snapshot["variants"][1]["markdown"] = "Rehabilitation necessitates considerable perseverance. " * 4
    short = case.message("readability")
    case.snapshot["variants"][1]["markdown"] = "Rehabilitation necessitates considerable perseverance. " * 30
    long = case.message("readability")

    assert "(Flesch-Kincaid)" in short
    assert "SMOG, unreliable under 30 sentences" in short
    assert "unreliable" not in long


def test_a_retraction_with_republication_names_the_successor(case):
    case.status("trial", "retracted", successor="10.1/new")

    assert "10.1/new replaces it." in case.message("reference-retracted")


def test_at_high_or_unset_risk_a_person_opens_an_unchecked_source(case):
    case.status("trial", "unchecked")
    standard = case.message("reference-unchecked")
    case.facts["risk_tier"] = "high"
    high = case.message("reference-unchecked")
    case.facts["risk_tier"] = ""

    assert standard.endswith("check it.")
    assert high.endswith("open the source and confirm that it says this.")
    assert case.message("reference-unchecked") == high


def test_each_reference_without_identifier_is_named(case):
    for key in ("trial", "third"):
        case.csl(key).pop("DOI")
    case.csl("trial").pop("PMID")
    found = [finding for finding in case.findings() if finding.code == "reference-without-identifier"]

    assert [finding.where for finding in found] == ["trial", "third"]
    assert found[0].message.startswith("Reference “trial”, “Exercise for hip pain”, has no DOI, PMID, ISBN")


def test_an_address_without_the_day_it_was_read_says_so(case):
    case.csl("nice").pop("accessed")

    assert "a web address without the day it was read" in case.message("reference-without-identifier")
