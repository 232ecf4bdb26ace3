"""An article pasted from a page, with the defects such pages have, and exactly what preflight says of it."""

from collections import Counter

MARKDOWN = """\
## From the Guidelines {.guideline}

Platelet-rich plasma is not recommended for knee arthritis, since the proof is thin. The largest review, published \
in 2021 in the Cleveland Clinic Journal of Medicine [@ref1], suggests that it does little. Another study published \
in 2020 in Osteoporosis & Cartilage [@ref1] also strongly recommends against it.

## Key Points to Consider

- Results are often short-lived [@ref1].
- Insurance rarely pays, and costs can range from $500-$2,000 for each injection.

## From the Research {.research}

### Efficacy

- Several studies looked at it [@ref2; @ref3; @ref4].
- A study of 12 patients found that it was safe [@ref3].
- A review of 61 studies found a positive effect [@ref5].

## Limitations and Future Directions

- The best dose is unclear [@ref2; @ref5].
"""


def pasted(key, kind, title, source, year):
    csl = {"type": "article-journal", "title": title, "container-title": source, "issued": {"date-parts": [[year]]}}
    return {"key": key, "kind": kind, "csl": csl, "cited_because_retracted": False, "rationale": ""}


def paste(case):
    case.snapshot.update(
        short_answer="",
        funding="",
        variants=[{"audience": "clinician", "markdown": MARKDOWN}],
        citations=[
            pasted("ref1", "guideline", "Guideline Overview", "Ask.Doc Medical Advisory Board & Editors", 2025),
            pasted("ref2", "research", "Plasma in knees: a scoping review.", "HSS journal : the journal of HSS", 2024),
            pasted("ref3", "research", "Plasma for the knee.", "Journal of knee surgery", 2017),
        ],
    )
    case.facts.update(publisher_names=("Ask.Doc",), unconfirmed_markers=8)


def test_exactly_these_findings(case):
    paste(case)

    assert Counter(case.codes()) == {
        "short-answer-missing": 1,
        "funding-missing": 1,
        "marker-unresolved": 1,
        "markers-unconfirmed": 1,
        "guideline-not-cited": 1,
        "guideline-by-publisher": 1,
        "reference-without-identifier": 3,
        "reference-unchecked": 3,
        "journal-beside-marker": 2,
        "year-beside-marker": 2,
        "claim-uncited": 1,
    }


def test_they_say_what_a_reader_would_see(case):
    paste(case)
    messages = [finding.message for finding in case.findings()]

    assert case.message("marker-unresolved").startswith("The text cites 4 and 5, but the list ends at 3;")
    assert case.message("guideline-by-publisher").startswith(
        "Reference 1, “Guideline Overview”, comes from “Ask.Doc Medical Advisory Board & Editors”"
    )
    assert [message[: message.index("”") + 1] for message in messages if "” stands beside" in message] == [
        "“Cleveland Clinic Journal of Medicine”",
        "“Osteoporosis & Cartilage”",
    ]
    assert [message[:13] for message in messages if message.startswith("The year")] == [
        "The year 2021",
        "The year 2020",
    ]


def test_the_board_is_recognised_without_the_publishers_name(case):
    paste(case)
    case.facts["publisher_names"] = ()

    assert case.codes().count("guideline-by-publisher") == 1


def test_mended_it_passes(case):
    paste(case)
    case.snapshot.update(short_answer="Probably not.", funding="none")
    case.facts["unconfirmed_markers"] = 0
    mended = MARKDOWN.replace("; @ref4", "").replace(" [@ref5]", " [@ref2]").replace("; @ref5", "")
    mended = mended.replace("published in 2021 in the Cleveland Clinic Journal of Medicine ", "")
    mended = mended.replace("Another study published in 2020 in Osteoporosis & Cartilage [@ref1] also", "It")
    case.snapshot["variants"][0] = {"audience": "clinician", "markdown": mended}
    case.csl("ref1").update({"container-title": "AAOS", "DOI": "10.1000/aaos"})
    case.csl("ref2").update(PMID="1")
    case.csl("ref3").update(ISBN="9780306406157")
    for key in ("ref1", "ref2", "ref3"):
        case.status(key, "ok")

    assert [finding for finding in case.findings() if finding.severity == "block"] == []
