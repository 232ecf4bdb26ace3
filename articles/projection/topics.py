"""Topics in the reader's own table: what the pages on the site are about."""

from collections.abc import Iterator, Mapping
from typing import Any

from articles.models import PublicPage, PublicTopic, Topic


def link(row: PublicPage) -> None:
    """Let a page on the site stand under its topics; one that isn't on it any more stands under none."""
    wanted = _wanted(row)
    if _linked(row) == set(wanted):
        return
    known = dict(PublicTopic.objects.filter(slug__in=wanted).values_list("slug", "pk"))
    missing = [PublicTopic(slug=slug, **_values(slug, wanted[slug])) for slug in wanted if slug not in known]
    if missing:
        PublicTopic.objects.bulk_create(missing, ignore_conflicts=True)  # another page may name it in this moment
        known = dict(PublicTopic.objects.filter(slug__in=wanted).values_list("slug", "pk"))
    row.in_topics.set(known.values())


def unlinked(row: PublicPage) -> list[str]:
    return ["in_topics"] if _linked(row) != set(_wanted(row)) else []


def renamed(topic: Topic) -> None:
    """Readers get the topic's new name at once; a signed text keeps the name it was signed with."""
    PublicTopic.objects.filter(slug=topic.slug).update(name=topic.name, mesh_id=topic.mesh_id)


def differences() -> Iterator[tuple[str, str]]:
    """Topics that are called otherwise than the editors call them."""
    names = {topic.slug: (topic.name, topic.mesh_id) for topic in Topic.objects.all()}
    for row in PublicTopic.objects.all():
        if names.get(row.slug, (row.name, row.mesh_id)) != (row.name, row.mesh_id):
            yield f"PublicTopic {row.slug}", "isn't called what the editors call it"


def project_all() -> None:
    for topic in Topic.objects.all():
        renamed(topic)


def _wanted(row: PublicPage) -> dict[str, Mapping[str, Any]]:
    return {topic["slug"]: topic for topic in row.topics} if row.is_listed else {}


def _linked(row: PublicPage) -> set[str]:
    return set(row.in_topics.values_list("slug", flat=True))


def _values(slug: str, signed: Mapping[str, Any]) -> dict[str, str]:
    """As the editors call it today; as the text was signed with where they know it no more."""
    topic = Topic.objects.filter(slug=slug).first()
    if topic is not None:
        return {"name": topic.name, "mesh_id": topic.mesh_id}
    return {"name": signed["name"], "mesh_id": signed.get("mesh_id", "")}
