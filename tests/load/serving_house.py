"""What is served: a loaded installation, and in it one long article, published by the real verbs."""

from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.test import Client

from articles.models import Article, AudienceVariant, Citation, PublicPage, Reference
from articles.projection import policy_pages
from editorial import clock
from editorial.models import EditorialPolicy, User
from editorial.presets import standard_policy
from editorial.verbs import save, work
from reviews.demo.cast import make_cast
from tests.load import serving_anchors
from tests.story import Story

TITLE = "How low should blood pressure be when it is treated for years?"
SOURCES = serving_anchors.REFERENCES
PARAGRAPHS = 10
SECTIONS = ("From the guidelines {.guideline certainty=moderate strength=strong}", "From the research {.research}")


def build(articles: int) -> str:
    """The slug of the long article. What is there already stays; ``articles``: how many stand around it."""
    call_command("migrate", verbosity=0)
    if articles and not Article.objects.exists():
        call_command("load_scale", articles)
    found = PublicPage.objects.filter(title=TITLE).values_list("slug", flat=True).first()
    slug = found or _published().slug
    serving_anchors.fill(served(f"/articles/{slug}/"))
    return slug


def served(path: str, **headers: str) -> Any:
    """The site's answer, asked in this process."""
    answer = Client().get(path, headers=headers)
    assert answer.status_code == 200, path
    return answer.text


def _published() -> Article:
    now = clock.now() - timedelta(days=1)
    make_cast(today=now.date())
    if not EditorialPolicy.objects.exists():
        standard_policy(in_force_from=now.date().replace(year=now.year - 1))
        policy_pages.project()
    people = {user.username: user for user in User.objects.select_related("board_member")}
    story = Story(people, now)
    return story.published(article=_written(story))


def _written(story: Story) -> Article:
    article, nora = story.draft(title=TITLE), story.people["nora"]
    with work(actor=nora, now=story.tick()):
        for number in range(2, SOURCES):
            reference = Reference.objects.create(**_source(number))
            save(Citation(article=article, reference=reference, key=f"source{number}"), actor=nora)
        variant = AudienceVariant.objects.get(article=article)
        variant.body = _body()
        save(variant, actor=nora)
    return Article.objects.get(pk=article.pk)


def _source(number: int) -> dict[str, Any]:
    return {
        "kind": Reference.Kind.RESEARCH,
        "title": f"Lower and higher targets of blood pressure over {number} years: a randomised trial",
        "authors": "Feld, N; Okafor, T; Brandt, L",
        "container_title": "Journal of Invented Medicine",
        "year": 2000 + number,
        "volume": str(20 + number),
        "page": f"{number}01-{number}19",
        "doi": f"10.5555/bench.{number}",
    }


def _body() -> str:
    """Some 7,000 characters, in which each source is cited."""
    keys = ["aha", "sprint", *(f"source{number}" for number in range(2, SOURCES))]
    halves = [range(PARAGRAPHS // 2), range(PARAGRAPHS // 2, PARAGRAPHS)]
    parts = []
    for heading, numbers in zip(SECTIONS, halves, strict=True):
        parts += [f"## {heading}", *(_paragraph(number, *keys[2 * number :][:2]) for number in numbers)]
    return "\n\n".join(parts)


def _paragraph(number: int, first: str, second: str) -> str:
    return (
        f"In part {number} of this text people with high blood pressure were followed for {number + 2} years"
        f" [@{first}]. Of those who were treated to a lower target fewer had a stroke or a heart attack, and more felt"
        f" dizzy when they stood up [@{second}]. After {number + 3} years the difference was **small but lasting**."
        " What it means for one person depends on age, on other diseases and on what that person can live with, so it"
        " is worth talking about it.\n\n"
        "- Measure at home, in the morning and in the evening.\n"
        f"- Look again after {number + 4} weeks."
    )
