"""An article with nothing to find, and ways to look at what preflight finds in a spoilt copy."""

import copy
from datetime import date

import pytest

from articles.citations import extract
from articles.preflight import Facts, ReferenceStatus, check

TODAY = date(2026, 11, 22)

CLINICIAN = """\
Exercise is the first thing to offer.

## From the guidelines {.guideline certainty=moderate strength=strong}

Exercise is recommended for everyone with hip pain, in the 2022 guideline [@nice].

## From the research {.research}

- Pain fell by 20% in a trial published in 2019 in the Annals of the Rheumatic Diseases [@trial].
- A later trial, in N Engl J Med [@third], agreed with it.

## Limitations

The trials were small.
"""

PATIENT = """\
## What to do

Move each day. Walk, swim or ride a bike. Start slow and do a bit more each week. Ask for help if it hurts.
"""


def reference(key, kind, **csl):
    item = {"id": key, "type": "article-journal", **csl}
    return {"key": key, "kind": kind, "csl": item, "cited_because_retracted": False, "rationale": ""}


SNAPSHOT = {
    "schema": 1,
    "title": "Does exercise ease hip pain?",
    "short_answer": "Yes. Most people have less pain after three months.",
    "language": "en",
    "region": "",
    "byline": [{"name": "Ada Brandt", "credentials": "MD"}],
    "funding": "none",
    "origin": "human",
    "ai_contributions": [],
    "topics": [{"slug": "hip", "name": "Hip", "mesh_id": ""}],
    "variants": [{"audience": "clinician", "markdown": CLINICIAN}, {"audience": "patient", "markdown": PATIENT}],
    "citations": [
        reference(
            "nice",
            "guideline",
            type="report",
            title="Osteoarthritis in over 16s",
            publisher="National Institute for Health and Care Excellence",
            URL="https://www.nice.org.uk/guidance/ng226",
            issued={"date-parts": [[2022, 10, 19]]},
            accessed={"date-parts": [[2026, 5, 1]]},
        ),
        reference(
            "trial",
            "research",
            title="Exercise for hip pain",
            DOI="10.1136/ard.2019.0001",
            PMID=30000001,
            issued={"date-parts": [[2019]]},
            author=[{"family": "Bernard", "given": "Claude"}],
            **{"container-title": "Ann Rheum Dis"},
        ),
        reference(
            "third",
            "research",
            title="Exercise for hip pain: a second trial",
            DOI="10.1056/NEJMoa2100001",
            issued={"date-parts": [[2021]]},
            **{"container-title": "New England Journal of Medicine"},
        ),
    ],
}


def known(status="ok", successor="", checked_on=date(2026, 11, 20)):
    return ReferenceStatus(status, successor, checked_on)


class Case:
    """A snapshot and facts that a test may spoil before it asks what is found."""

    def __init__(self):
        self.snapshot = copy.deepcopy(SNAPSHOT)
        self.facts = {
            "today": TODAY,
            "publisher_names": ("Hip Answers", "hipanswers.example"),
            "reference_status": {key: known() for key in ("nice", "trial", "third")},
            "risk_tier": "standard",
        }

    def csl(self, key):
        return self.citation(key)["csl"]

    def citation(self, key):
        return next(item for item in self.snapshot["citations"] if item["key"] == key)

    def cite(self, markdown, variant=0):
        """Add a paragraph at the end of a variant, in its last section."""
        self.snapshot["variants"][variant]["markdown"] += f"\n{markdown}\n"

    def add(self, key, kind="other", **csl):
        self.snapshot["citations"].append(reference(key, kind, **csl))
        self.facts["reference_status"][key] = known()
        self.cite(f"More on it [@{key}].")

    def status(self, key, status, **rest):
        self.facts["reference_status"][key] = known(status, **rest)

    def findings(self):
        for variant in self.snapshot["variants"]:
            variant["citations"] = variant.get("citations", extract(variant["markdown"]).order)
        return check(self.snapshot, Facts(**self.facts))

    def codes(self):
        return [finding.code for finding in self.findings()]

    def message(self, code):
        return next(finding.message for finding in self.findings() if finding.code == code)


@pytest.fixture
def case():
    return Case()
