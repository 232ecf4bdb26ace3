"""A house with something of every kind in it, and the people who come to its doors."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.test import Client

from articles import lifecycle
from articles.models import Article, Publication, ReaderMessage
from editorial.models import ClosedPeriod, Interest, Leave, OutboxMessage, UnexplainedChange, User
from editorial.roles import Role
from reviews import workflow
from reviews.demo.cast import PASSWORD
from reviews.models import ReminderDispatch, ReminderRule, ReviewAssignment, ReviewComment, Signature
from reviews.reminders import standard_rules
from reviews.states import VerdictKind
from tests import kept
from tests.story import Story

OUT = "signed out"
PEOPLE = {
    OUT: "",
    "no role": "stranger",
    "its author": "nora",
    "another author": "petra",
    "on its panel": "claire",
    "stood aside": "sofia",
    "board": "eva",
    "its editor": "tom",
    "editor": "lena",
    "chief": "ingrid",
    "superuser": "root",
}
"""Who knocks, and by which account. What stands beside a role is the relation to the articles of the house."""


@dataclass(frozen=True)
class House:
    """Its articles by how they stand, and one row of what else an address may name."""

    articles: dict[str, Article]
    rows: dict[str, Any]


@kept.scene
def build(story: Story) -> House:
    """Whoever comes as another author or as a superuser moves in too."""
    _newcomers()
    articles = {**_before_publication(story), **_after_publication(story)}
    fresh = {name: Article.objects.get(pk=article.pk) for name, article in articles.items()}
    return House(fresh, _rows(story, articles))


def client_of(person: str) -> Client:
    client = Client()
    if PEOPLE[person]:
        assert client.login(username=PEOPLE[person], password=PASSWORD)
    return client


def _newcomers() -> None:
    petra = User.objects.create_user("petra", "petra@example.org", PASSWORD, first_name="Petra", last_name="Holm")
    petra.groups.add(Group.objects.get(name=Role.AUTHOR.value))
    User.objects.create_superuser("root", "root@example.org", PASSWORD)


def _before_publication(story: Story) -> dict[str, Article]:
    people = story.people
    under_review = story.round("claire", "ravi", "sofia", title="Should I measure at home?", risk="high")
    story.declare(under_review, "claire")
    seat = story.seat(under_review, "sofia")
    workflow.step_aside(
        under_review.article, actor=people["sofia"], now=story.tick(), assignment=seat, reason="We share a ward."
    )
    workflow.add_comment(
        under_review.article, actor=people["claire"], now=story.tick(), kind="must_fix", body="Say for whom."
    )
    objected = story.round("claire", "ravi", title="Are beta blockers safe in asthma?")
    story.sign(objected, "claire", VerdictKind.SAFETY_OBJECTION, "It could kill.")
    asked = story.round("claire", "ravi", title="Can I drink alcohol with it?").article
    workflow.request_changes(asked, actor=people["tom"], now=story.tick(), reason="Name the dose.")
    rejected = story.round("claire", "ravi", title="Does garlic cure it?").article
    workflow.reject(rejected, actor=people["tom"], now=story.tick(), reason="No evidence.")
    return {
        "draft": story.draft(title="Does coffee raise the pulse?"),
        "submitted": story.submitted(title="Do statins cause muscle pain?"),
        "triaged": story.triaged(title="Is walking enough exercise?"),
        "under review": under_review.article,
        "objected to": objected.article,
        "changes requested": asked,
        "rejected": rejected,
    }


def _after_publication(story: Story) -> dict[str, Article]:
    people, made = story.people, {}
    for name in ("live", "held", "retracted", "retired", "removed", "revised"):
        made[name] = story.published(title=f"Is this one {name}?")
    later = story.now + timedelta(days=30)
    made["scheduled"] = story.published(title="Is this one scheduled?", publish_not_before=later)
    story.tick()
    chief = {"actor": people["ingrid"], "now": story.now, "proof": story.proof("ingrid")}
    lifecycle.hold(made["held"], reason="A dose is wrong.", **chief)
    lifecycle.retract(made["retracted"], notice="The trial was made up.", **chief)
    lifecycle.remove(made["removed"], notice="A court ordered it.", **chief)
    lifecycle.retire(made["retired"], actor=people["ingrid"], now=story.tick(), reason="Nobody looks after it.")
    story.revised(made["revised"], ("prevented heart attacks", "clearly prevented heart attacks"))
    return made


def _reminder(seat: ReviewAssignment, story: Story) -> dict[str, Any]:
    return {
        "rule": ReminderRule.objects.first(),
        "target": f"assignment:{seat.pk}",
        "assignment": seat,
        "recipient": story.people["claire"],
        "due_version": "1",
        "scheduled_for": story.now,
    }


def _rows(story: Story, articles: dict[str, Article]) -> dict[str, Any]:
    """By the name of the model, or of what an address calls them."""
    for kind, slug in (("error", "is-this-one-live"), ("question", "")):
        ReaderMessage.objects.create(kind=kind, slug=slug, text="May I drink coffee with it?", received_at=story.now)
    today, claire = story.now.date(), story.people["claire"].board_member
    ClosedPeriod.objects.create(name="Summer", first_day=today.replace(month=8), last_day=today.replace(month=9))
    UnexplainedChange.objects.create(transaction=1, began_at=story.now, role="root", changes=1, found_at=story.now)
    publication = Publication.objects.get(article=articles["live"])
    seat = ReviewAssignment.objects.get(round__article=articles["under review"], member=claire)
    standard_rules()
    ReminderDispatch.objects.create(**_reminder(seat, story))
    return {
        "seat": seat,
        "interest": Interest.objects.create(member=claire, company="Acme", nature="Speaker's fees.", since=today),
        "leave": Leave.objects.create(user=story.people["tom"], first_day=today, last_day=today),
        "user": story.people["claire"],
        "factor": Authenticator.objects.create(user=story.people["claire"], type="totp", data={}),
        "comment": ReviewComment.objects.get(),
        "signature": Signature.objects.filter(review__round__article=publication.article).first(),
        "publication": publication,
        "mail": OutboxMessage.objects.first(),
    }
