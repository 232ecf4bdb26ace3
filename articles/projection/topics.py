"""Topics in the reader's own table: what the pages on the site are about."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from articles.models import PublicPage, PublicTopic, Topic
from articles.models.public import FED
from articles.projection import links


def link(row: PublicPage, *, is_new: bool = False) -> None:
    """Let a page stand under its topics while feeds name it: live, or retracted, which the topic's feed must say."""
    wanted, known = _wanted(row), {} if is_new else _linked(row)
    if set(known) == set(wanted):
        return
    rows = _rows(wanted)
    missing = [topic for slug, topic in wanted.items() if slug not in rows]
    if missing:
        PublicTopic.objects.bulk_create(_made(missing), ignore_conflicts=True)  # another page may name it just now
        rows = _rows(wanted)
    links.tie(row, "in_topics", known=known, wanted=rows)


def unlinked(row: PublicPage) -> list[str]:
    return ["in_topics"] if set(_linked(row)) != set(_wanted(row)) else []


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
    return {topic["slug"]: topic for topic in row.topics} if row.is_current and row.status in FED else {}


def _linked(row: PublicPage) -> dict[str, int]:
    return dict(row.in_topics.values_list("slug", "pk"))


def _rows(slugs: Collection[str]) -> dict[str, int]:
    found = PublicTopic.objects.filter(slug__in=list(slugs)).values_list("slug", "pk") if slugs else ()
    return dict(found)


def _made(signed: Sequence[Mapping[str, Any]]) -> list[PublicTopic]:
    """As the editors call them today; as the text was signed with where they know them no more."""
    today = {topic.slug: topic for topic in Topic.objects.filter(slug__in=[each["slug"] for each in signed])}
    return [
        PublicTopic(slug=each["slug"], name=row.name, mesh_id=row.mesh_id)
        if (row := today.get(each["slug"]))
        else PublicTopic(slug=each["slug"], name=each["name"], mesh_id=each.get("mesh_id", ""))
        for each in signed
    ]
