"""A draft as its page would look: the same templates, and no claim of any review."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from articles import page, page_variants, snapshots
from articles.models import Article
from articles.models.article import Audience
from articles.states import stepper


def of(article: Article) -> tuple[str, list[dict[str, Any]]]:
    """The main part of the page, with one slot an audience, and the audiences there are."""
    snapshot = snapshots.of(article)
    values = snapshot.values
    context = {
        "title": article.title,
        "slug": article.slug,
        "number": article.publications.count() + 1,
        "status": "preview",
        "is_current": True,
        "current_url": f"{page.SITE}/articles/{article.slug}/",
        "topics": values["topics"],
        "origin": values["origin"],
        "reviewers": [],
        "last_updated": timezone.localdate(),
        "literature_current_to": article.literature_current_to,
        "written_by": values["byline"],
        "edited_by": [],
        "ai": values["ai_contributions"],
        "funding": values["funding"],
        "stepper": stepper(article.state),
        "notices": [],
        "short_answer": values["short_answer"],
        "variants": [page_variants.variant_of(v, snapshot.html, values["citations"]) for v in values["variants"]],
        "signatures": [],
        "policy_url": "/policy/",
        "digest": snapshot.digest,
    }
    audiences = [{"name": v["audience"], "label": Audience(v["audience"]).label} for v in values["variants"]]
    return render_to_string(
        "articles/reader/article.html", {"page": context, "site_name": settings.SITE_NAME}
    ), audiences
