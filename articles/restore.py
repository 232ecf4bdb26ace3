"""A published snapshot back into the editable rows, when a revision is given up."""

from datetime import date
from typing import Any

from django.db.models import Model

from articles import content, questions
from articles.csl import csl_of, fields_of
from articles.models import Article, Citation, Publication, Reference, Topic
from articles.snapshots import byline_of
from editorial.models import User
from editorial.verbs import attributed, save


def content_of(publication: Publication, article: Article, *, actor: User, reason: str = "revision discarded") -> None:
    """Make the article's rows say what the publication says; the caller saves the article itself."""
    values = content.parse(publication.snapshot)
    for name in ("title", "short_answer", "language", "region", "funding", "origin"):
        setattr(article, name, values[name])
    article.byline = ""
    if values["byline"] != byline_of(article):  # else the authors' own names say the same
        people = ((person["name"], person["credentials"]) for person in values["byline"])
        article.byline = "\n".join(", ".join(filter(None, parts)) for parts in people)
    article.change_note, article.conclusions_changed = values["change_note"], values["conclusions_changed"]
    current_to = values["literature_current_to"]
    article.literature_current_to = date.fromisoformat(current_to) if current_to else None
    with attributed(article, actor=actor, reason=reason):
        article.topics.set([_topic(topic) for topic in values["topics"]])
    _variants(article, values["variants"], actor, reason)
    _citations(article, values["citations"], actor, reason)
    _contributions(article, values["ai_contributions"], actor, reason)
    questions.keep(article)


def _topic(values: dict[str, str]) -> Topic:
    topic, _created = Topic.objects.get_or_create(
        slug=values["slug"], defaults={"name": values["name"], "mesh_id": values["mesh_id"]}
    )
    return topic


def _variants(article: Article, wanted: list[dict[str, Any]], actor: User, reason: str) -> None:
    standing = {variant.audience: variant for variant in article.variants.all()}
    for values in wanted:
        variant = standing.pop(values["audience"], None) or article.variants.model(
            article=article, audience=values["audience"]
        )
        if variant.body != values["markdown"]:
            variant.body = values["markdown"]
            save(variant, actor=actor, reason=reason)
    for surplus in standing.values():
        _delete(surplus, actor, reason)


def _citations(article: Article, wanted: list[dict[str, Any]], actor: User, reason: str) -> None:
    standing = {citation.key: citation for citation in article.citations.select_related("reference")}
    for values in wanted:
        citation = standing.pop(values["key"], None) or Citation(article=article, key=values["key"])
        csl = {key: value for key, value in values["csl"].items() if key != "id"}
        if citation.pk is None or csl_of(citation.reference) != csl:
            citation.reference = _reference(csl, values["kind"])
        citation.cited_because_retracted = values["cited_because_retracted"]
        citation.rationale = values["rationale"]
        save(citation, actor=actor, reason=reason)
    for surplus in standing.values():
        _delete(surplus, actor, reason)


def _contributions(article: Article, wanted: list[dict[str, str]], actor: User, reason: str) -> None:
    fields = ("tool", "version", "use", "prompts")
    standing = [{name: getattr(c, name) for name in fields} for c in article.ai_contributions.all()]
    if standing == wanted:
        return
    for surplus in article.ai_contributions.all():
        _delete(surplus, actor, reason)
    for values in wanted:
        save(article.ai_contributions.model(article=article, **values), actor=actor, reason=reason)


def _delete(row: Model, actor: User, reason: str) -> None:
    with attributed(row, actor=actor, reason=reason):
        row.delete()


def _reference(csl: dict[str, Any], kind: str) -> Reference:
    """A library entry that says exactly ``csl``: one that stands, or a new one."""
    same_title = Reference.objects.filter(title=csl.get("title", ""), kind=kind)
    standing = next((reference for reference in same_title if csl_of(reference) == csl), None)
    return standing or Reference.objects.create(**fields_of(csl, kind))
