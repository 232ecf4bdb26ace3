"""Every rule with at least one article that it finds fault with and one near miss that it lets pass."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.preflight import CODES, RULES, Facts, check

WORDY = "word " * 61
BOOK = "9780306406157"
DOI = "10.1136/ard.2019.0001"
DUPLICATE = {"title": "Another title", "DOI": f"https://doi.org/{DOI.upper()}", "issued": {"date-parts": [[2019]]}}


def put(**fields):
    return lambda case: case.snapshot.update(fields)


def csl(key, **fields):
    return lambda case: case.csl(key).update({name.replace("_", "-"): value for name, value in fields.items()})


def say(markdown):
    return lambda case: case.cite(markdown)


def patient(markdown):
    return lambda case: case.snapshot["variants"][1].update(markdown=markdown)


def know(key, status, **rest):
    return lambda case: case.status(key, status, **rest)


def tell(**facts):
    return lambda case: case.facts.update(facts)


def swap(old, new):
    def spoil(case):
        variant = case.snapshot["variants"][0]
        assert old in variant["markdown"]
        variant["markdown"] = variant["markdown"].replace(old, new)

    return spoil


def lose(key, *names):
    def spoil(case):
        for name in names:
            case.csl(key).pop(name)

    return spoil


def add(key, kind="other", **fields):
    return lambda case: case.add(key, kind, **{name.replace("_", "-"): value for name, value in fields.items()})


def both(*spoils):
    return lambda case: [spoil(case) for spoil in spoils]


def retracted_on_purpose(rationale):
    return both(
        know("trial", "retracted"),
        lambda case: case.citation("trial").update(cited_because_retracted=True, rationale=rationale),
    )


HARD = (
    "Osteoarthritis rehabilitation necessitates individualised multidisciplinary physiotherapeutic interventions. " * 3
)
AUTHORS = {"Claude": [{"literal": "Claude 3 Opus"}], "Bernard": [{"literal": "Claude Bernard University"}]}
BOARD = {"publisher": "Hip Answers Medical Advisory Board & Editors"}

FOUND = [
    ("title-missing", put(title=" ")),
    ("title-too-long", put(title="x" * 201)),
    ("short-answer-missing", put(short_answer="")),
    ("short-answer-too-long", put(short_answer=WORDY)),
    ("funding-missing", put(funding="")),
    ("byline-missing", put(byline=[])),
    ("byline-missing", put(byline=[{"name": " "}])),
    ("ai-as-author", put(byline=[{"name": "ChatGPT"}])),
    ("origin-unknown", put(origin="")),
    ("ai-contribution-missing", put(origin="ai_drafted")),
    ("topics-missing", put(topics=[])),
    ("variant-missing", put(variants=[])),
    ("audience-unknown", lambda case: case.snapshot["variants"][0].update(audience="doctor")),
    ("audience-twice", lambda case: case.snapshot["variants"][1].update(audience="clinician")),
    ("text-missing", patient("## Heading alone")),
    ("text-missing", patient("")),
    ("text-unrenderable", say("![x-ray](https://x.org/a.png)")),
    ("section-block-invalid", say("## More {.nonsense}\n\nText.")),
    ("section-heading-empty", say("##\n\nText.")),
    ("level-one-heading", say("# Title again\n\nText.")),
    ("strong-on-low-certainty", swap("certainty=moderate", "certainty=low")),
    ("strong-on-low-certainty", swap("certainty=moderate", "certainty=very_low")),
    ("marker-malformed", say("It helps [@nice, @trial].")),
    ("bare-number", say("It helps [4].")),
    ("marker-unresolved", say("It helps [@nobody].")),
    ("markers-unconfirmed", tell(unconfirmed_markers=2)),
    ("reference-uncited", swap(" [@third]", "")),
    ("reference-key-twice", lambda case: case.citation("third").update(key="trial")),
    ("citation-order", lambda case: case.snapshot["variants"][0].update(citations=["trial", "nice", "third"])),
    ("guideline-not-cited", swap("[@nice]", "[@trial]")),
    ("guideline-not-cited", csl("nice", **BOARD)),
    ("research-not-cited", swap("{.research}", "{.research}\n\n## Second {.research}\n\nNone.\n\n## Third {.other}")),
    ("identifier-invalid", csl("trial", PMID="123456789")),
    ("identifier-invalid", csl("trial", DOI="10.1136")),
    ("identifiers-contradict", csl("trial", URL="https://doi.org/10.1136/other")),
    ("identifiers-contradict", csl("trial", URL="https://pubmed.ncbi.nlm.nih.gov/1/")),
    ("reference-duplicate", add("copy", **DUPLICATE)),
    ("reference-duplicate", both(lose("trial", "DOI", "PMID"), lose("third", "DOI"), csl(
        "third", title="EXERCISE for hip-pain", issued={"date-parts": [[2019]]}, container_title="Ann. Rheum. Dis."))),
    ("reference-retracted", know("trial", "retracted")),
    ("reference-retracted", know("trial", "withdrawn")),
    ("retraction-rationale-missing", retracted_on_purpose("")),
    ("reference-unchecked", know("trial", "unchecked")),
    ("reference-unchecked", know("trial", "ok", checked_on=date(2026, 10, 22))),
    ("reference-unchecked", know("trial", "ok", checked_on=None)),
    ("reference-unchecked", tell(reference_status={})),
    ("reference-without-identifier", lose("trial", "DOI", "PMID")),
    ("reference-without-identifier", lose("nice", "accessed")),
    ("reference-year-in-future", csl("trial", issued={"date-parts": [[2027]]})),
    ("accessed-in-future", csl("nice", accessed={"date-parts": [[2026, 11, 23]]})),
    ("ai-as-source", csl("trial", author=AUTHORS["Claude"])),
    ("ai-as-source", csl("trial", container_title="ChatGPT (GPT-4)")),
    ("ai-as-source", csl("nice", URL="https://chatgpt.com/share/1")),
    ("guideline-by-publisher", csl("nice", publisher="HIP ANSWERS, Inc.")),
    ("guideline-by-publisher", csl("nice", author=[{"literal": "Some Site Editorial Team"}])),
    ("guideline-by-publisher", csl("nice", **BOARD)),
    ("supporting-quote-missing", put(origin="ai_assisted", ai_contributions=[{"tool": "Draftsman"}])),
    ("journal-beside-marker", say("A study in the Mayo Clinic Proceedings [@trial], says so.")),
    ("journal-beside-marker", say("One in JAMA [@trial] says so.")),
    ("year-beside-marker", say("A study published in 2020 [@trial] says so.")),
    ("dose-microgram-sign", say("They got 50 µg.")),
    ("dose-microgram-sign", say("They got 50μg.")),
    ("dose-trailing-zero", say("They got 5.0 mg.")),
    ("dose-naked-decimal", say("They got .5 mg.")),
    ("dose-unit-letter", say("They got 10 U of insulin.")),
    ("dose-unit-letter", say("They got 1,000 IU.")),
    ("reference-concern", know("trial", "concern")),
    ("reference-corrected", know("trial", "corrected")),
    ("reference-superseded", know("nice", "superseded", successor="NG999")),
    ("guideline-old", csl("nice", issued={"date-parts": [[2020]]})),
    ("preprint", csl("trial", container_title="medRxiv")),
    ("preprint", csl("third", DOI="10.1101/2021.01.02.21234567")),
    ("claim-uncited", say("Take 5 mg a day.")),
    ("claim-uncited", say("Surgery is not recommended.")),
    ("claim-uncited", say("About 30 % get better.")),
    ("readability", patient(HARD)),
]  # fmt: skip

PASSED = [
    ("title-too-long", put(title="x" * 200)),
    ("short-answer-too-long", put(short_answer="word " * 60)),
    ("funding-missing", put(funding="none")),
    ("ai-as-author", put(byline=[{"name": "Claude Bernard"}])),
    ("ai-contribution-missing", put(origin="ai_drafted", ai_contributions=[{"tool": "Draftsman"}])),
    ("text-unrenderable", say("`![x-ray](https://x.org/a.png)`")),
    ("section-block-invalid", say("```\n## More {.nonsense}\n```")),
    ("level-one-heading", say("`# no heading`")),
    ("strong-on-low-certainty", swap("certainty=moderate", 'certainty=low rationale="harm is plain"')),
    ("strong-on-low-certainty", swap("moderate strength=strong", "low strength=conditional")),
    ("marker-malformed", say(r"It helps \[@nice, @trial].")),
    ("bare-number", say("The interval was [0.8, 1.2].")),
    ("reference-uncited", both(swap(" [@third]", ""), lambda case: case.cite("Both [@third].", 1))),
    ("guideline-not-cited", swap("[@nice]", "[@trial; @nice]")),
    ("identifier-invalid", csl("trial", DOI="https://doi.org/10.1016/S0140-6736(98)07019-6")),
    ("identifiers-contradict", csl("trial", URL=f"https://doi.org/{DOI.upper()}")),
    ("identifiers-contradict", csl("trial", URL="https://example.org/x")),
    ("reference-duplicate", csl("third", title="Exercise for hip pain")),
    ("reference-duplicate", both(add("one", ISBN=BOOK, title="One"), add("two", ISBN=BOOK, title="Two"))),
    ("reference-retracted", retracted_on_purpose("It shows what went wrong.")),
    ("retraction-rationale-missing", retracted_on_purpose("It shows what went wrong.")),
    ("reference-unchecked", know("trial", "ok", checked_on=date(2026, 10, 23))),
    ("reference-without-identifier", lose("trial", "DOI")),
    ("reference-without-identifier", lose("trial", "PMID")),
    ("reference-year-in-future", csl("trial", issued={"date-parts": [[2026]]})),
    ("accessed-in-future", csl("nice", accessed={"date-parts": [[2026, 11, 22]]})),
    ("ai-as-source", csl("trial", author=AUTHORS["Bernard"])),
    ("ai-as-source", csl("trial", title="Performance of ChatGPT in orthopaedics")),
    ("guideline-by-publisher", csl("trial", **BOARD)),
    ("guideline-by-publisher", csl("nice", publisher="Hip Answersson")),
    ("supporting-quote-missing", both(
        put(origin="ai_assisted"), tell(supporting_quotes={"nice": True, "trial": True, "third": True}))),
    ("journal-beside-marker", say("A study in the New England Journal of Medicine [@trial; @third] says so.")),
    ("journal-beside-marker", say("A study in NEJM [@third] says so.")),
    ("journal-beside-marker", say("A study in the United States [@trial] says so.")),
    ("journal-beside-marker", say("A study in SPRINT [@trial] says so, in Mayo Clinic Proceedings.")),
    ("year-beside-marker", say("A study published in 2019 [@trial] says so.")),
    ("year-beside-marker", say("Since 2003 [@trial], 2000 people [@trial] cost $2,000 [@trial], 2010–12 [@trial].")),
    ("year-beside-marker", say("This was so in 2003. A study [@trial] says so.")),
    ("dose-microgram-sign", say("They got 50 micrograms.")),
    ("dose-trailing-zero", say("They got 5.05 mg, 10 mg, and had 5.0 mg/dL.")),
    ("dose-naked-decimal", say("They got 0.5 mg. In section 3.5 mg is milligram.")),
    ("dose-unit-letter", say("They got 10 units. The enzyme was at 40 U/L.")),
    ("guideline-old", csl("nice", issued={"date-parts": [[2021]]})),
    ("guideline-old", csl("trial", issued={"date-parts": [[1999]]})),
    ("preprint", csl("third", DOI="10.1101/gr.229102")),
    ("claim-uncited", say("Take 5 mg a day [@trial]. Surgery is not recommended. [@nice] It costs 2,000 dollars.")),
    ("readability", both(put(language="de"), patient(HARD))),
]  # fmt: skip


def test_a_sound_article_has_no_finding(case):
    assert case.findings() == []


@pytest.mark.parametrize(("code", "spoil"), FOUND, ids=[f"{code}-{place}" for place, (code, _) in enumerate(FOUND)])
def test_a_fault_is_found_with_its_severity_and_in_words(case, code, spoil):
    spoil(case)
    found = [finding for finding in case.findings() if finding.code == code]

    assert len(found) >= 1
    assert {finding.severity for finding in found} == {CODES[code][0]}
    assert all(finding.message.rstrip("”")[-1] == "." for finding in found)


@pytest.mark.parametrize(("code", "spoil"), PASSED, ids=[f"{code}-{place}" for place, (code, _) in enumerate(PASSED)])
def test_a_near_miss_passes(case, code, spoil):
    spoil(case)

    assert case.codes().count(code) == 0


def test_every_code_is_tried():
    assert {code for code, _ in FOUND} == set(CODES)


def test_every_rule_stands_once_in_the_table():
    assert len(set(RULES)) == len(RULES)


def test_what_blocks_comes_first(case):
    case.snapshot.update(topics=[], funding="")

    assert case.codes() == ["funding-missing", "topics-missing"]


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("ab [@]#{}.", max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["key", "kind", "csl", "markdown", "audience", "name", "title", "DOI"]), inner
        )
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["title", "variants", "citations", "byline", "topics", "origin"]), ODD))
def test_an_unfinished_snapshot_is_judged_and_never_raises(snapshot):
    findings = check(snapshot, Facts(today=date(2026, 1, 1)))

    assert all(finding.message for finding in findings)
