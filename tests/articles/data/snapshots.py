"""A snapshot's values, as ``articles.snapshots.of`` makes them, for tests of what is pure."""

import copy
import hashlib
from typing import Any

from articles import citations, rendering
from articles.sections import heading_texts, parse_heading

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


def snapshot(markdown: str = _MARKDOWN, **values: Any) -> dict[str, Any]:
    """A copy that a test may change, with this text for health professionals."""
    return {**copy.deepcopy(_SNAPSHOT), "variants": [variant(markdown)], **values}


def variant(markdown: str, audience: str = "clinician") -> dict[str, Any]:
    """A text with all that follows from it."""
    numbers = citations.numbers_of(markdown)
    html = rendering.render(markdown, audience=audience, numbers=numbers).html
    sections = [parse_heading(text) for text in heading_texts(markdown)]
    return {
        "audience": audience,
        "markdown": markdown,
        "sections": [
            {
                "heading": section.heading,
                "kind": str(section.kind),
                "certainty": str(section.certainty) if section.certainty else None,
                "strength": str(section.strength) if section.strength else None,
                "rationale": section.rationale,
            }
            for section in sections
        ],
        "html_sha256": hashlib.sha256(html.encode()).hexdigest(),
        "citations": list(numbers),
    }
