"""A snapshot's values, as ``articles.snapshots.of`` makes them, for tests of what is pure."""

import copy
from typing import Any

_MARKDOWN = """## From the guidelines {.guideline certainty=moderate strength=strong}

A target below 130 mm Hg is recommended for most adults with high blood pressure [@aha].

## From the research {.research}

In one large trial, treating to a lower target prevented heart attacks and strokes [@sprint].
"""

_SNAPSHOT: dict[str, Any] = {
    "schema": 1,
    "title": "How low should blood pressure be?",
    "short_answer": "For most adults, below 130 mm Hg if treatment is well tolerated.",
    "language": "en",
    "region": "",
    "byline": [{"name": "Nora Feld", "credentials": "PhD"}],
    "funding": "none",
    "literature_current_to": "2026-01-31",
    "change_note": "",
    "conclusions_changed": None,
    "origin": "human",
    "ai_contributions": [],
    "topics": [{"slug": "hypertension", "name": "Hypertension", "mesh_id": "D006973"}],
    "variants": [
        {
            "audience": "clinician",
            "markdown": _MARKDOWN,
            "sections": [
                {
                    "heading": "From the guidelines",
                    "kind": "guideline",
                    "certainty": "moderate",
                    "strength": "strong",
                    "rationale": "",
                },
                {
                    "heading": "From the research",
                    "kind": "research",
                    "certainty": None,
                    "strength": None,
                    "rationale": "",
                },
            ],
            "html_sha256": "0" * 64,
            "citations": ["aha", "sprint"],
        }
    ],
    "citations": [
        {
            "key": "aha",
            "kind": "guideline",
            "csl": {
                "id": "aha",
                "type": "article-journal",
                "title": "2025 AHA/ACC high blood pressure guideline",
                "container-title": "Hypertension",
                "author": [{"family": "Jones", "given": "DW"}],
                "volume": "82",
                "page": "e212-e316",
                "DOI": "10.1161/hyp.0000000000000249",
                "PMID": "40811516",
                "issued": {"date-parts": [[2025]]},
            },
            "cited_because_retracted": False,
            "rationale": "",
        },
        {
            "key": "sprint",
            "kind": "research",
            "csl": {
                "id": "sprint",
                "type": "article-journal",
                "title": "A Randomized Trial of Intensive versus Standard Blood-Pressure Control",
                "container-title": "N Engl J Med",
                "author": [{"literal": "SPRINT Research Group"}],
                "URL": "https://www.nejm.org/doi/full/10.1056/NEJMoa1511939",
                "accessed": {"date-parts": [[2026, 1, 31]]},
                "DOI": "10.1056/nejmoa1511939",
                "PMID": "26551272",
                "issued": {"date-parts": [[2015]]},
            },
            "cited_because_retracted": False,
            "rationale": "",
        },
    ],
}


def snapshot() -> dict[str, Any]:
    """A copy that a test may change."""
    return copy.deepcopy(_SNAPSHOT)
