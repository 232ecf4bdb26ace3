"""Topics in the reader's own table: what the pages on the site are about."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import OuterRef, Subquery

from articles.models import PublicPage, PublicPageTopic, PublicTopic, Topic
from articles.models.public import FED
from articles.projection import links
from editorial.once import once


class _Tie(NamedTuple):
    slug: str
    topic: int
    said: dict[str, Any]


def link(row: PublicPage, *, is_new: bool = False) -> None:
    """Let a page stand under its topics while feeds name it: live, or retracted, which the topic's feed must say."""
    wanted, said, ties = _wanted(row), _said(row), [] if is_new else ties_of_each([row])[row.pk]
    if any(tie.said != said for tie in ties if tie.slug in wanted):
        PublicPageTopic.objects.filter(publicpage=row).update(**said)
    known = {tie.slug: tie.topic for tie in ties}
    if set(known) == set(wanted):
        return
    rows = _rows(wanted)
    missing = [topic for slug, topic in wanted.items() if slug not in rows]
    if missing:
        PublicTopic.objects.bulk_create(_made(missing), ignore_conflicts=True)  # another page may name it just now
        rows = _rows(wanted)
    links.tie(row, "in_topics", known=known, wanted=rows, said=said)


def unlinked(row: PublicPage) -> list[str]:
    """Whether it stands under other topics than its own, or in another place there."""
    said, ties = _said(row), ties_of(row)
    misplaced = any(tie.said != said for tie in ties)
    return ["in_topics"] if misplaced or {tie.slug for tie in ties} != set(_wanted(row)) else []


def renamed(topic: Topic) -> None:
    """Readers get the topic's new name at once; a signed text keeps the name it was signed with."""
    PublicTopic.objects.filter(slug=topic.slug).update(name=topic.name, mesh_id=topic.mesh_id)


def differences() -> Iterator[tuple[str, str]]:
    """Topics that are called otherwise than the editors call them."""
    names = {topic.slug: (topic.name, topic.mesh_id) for topic in Topic.objects.all()}
    for row in PublicTopic.objects.all():
        if names.get(row.slug, (row.name, row.mesh_id)) != (row.name, row.mesh_id):
            yield f"PublicTopic {row.slug}", "isn't called what the editors call it"


def date_ties() -> str:
    """Ties that an earlier release made while it ran beside this one's migration say no day yet."""
    page = PublicPage.objects.filter(pk=OuterRef("publicpage"))
    undated = PublicPageTopic.objects.filter(reviewed_on=None, publicpage__is_listed=True)
    dated = undated.update(
        reviewed_on=Subquery(page.values("last_reviewed")), changed_at=Subquery(page.values("changed_at"))
    )
    return f"{dated} dated" if dated else "dated already"


def project_all() -> None:
    for topic in Topic.objects.all():
        renamed(topic)


def _wanted(row: PublicPage) -> dict[str, Mapping[str, Any]]:
    return {topic["slug"]: topic for topic in row.topics} if row.is_current and row.status in FED else {}


def _said(row: PublicPage) -> dict[str, Any]:
    """What each of its ties says: where it stands in the topic's list, if lists name it, and in the topic's feed."""
    return {"reviewed_on": row.last_reviewed if row.is_listed else None, "changed_at": row.changed_at}


@once
def ties_of(row: PublicPage) -> list[_Tie]:
    """What ties the page to topics, for whoever changes nothing."""
    return ties_of_each([row])[row.pk]


def ties_of_each(rows: Sequence[PublicPage]) -> dict[int, list[_Tie]]:
    """By the page's number, in one query."""
    found: dict[int, list[_Tie]] = {row.pk: [] for row in rows}
    names = ("publicpage_id", "publictopic__slug", "publictopic_id", "reviewed_on", "changed_at")
    for page, slug, topic, reviewed_on, changed_at in PublicPageTopic.objects.filter(
        publicpage__in=list(found)
    ).values_list(*names):
        found[page].append(_Tie(slug, topic, {"reviewed_on": reviewed_on, "changed_at": changed_at}))
    return found


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
