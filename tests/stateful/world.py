"""One article and everybody who could touch it: what random walks act on, with a record of its own.

The record is kept by hand beside the project's rows, so that the promises are judged by something else
than the code that makes them.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from articles import conditions as article_conditions
from articles.models import Article, AudienceVariant, Publication
from editorial.conditions import Refused
from editorial.models import User
from editorial.reauth import Proof
from editorial.verbs import save, work
from reviews.models import ReviewAssignment, ReviewRound

FULL = ("new", "update")


class World:
    """The cast, one article, the time, and who edited what since the last full review."""

    def __init__(self, story: Any) -> None:
        self.story, self.people, self.now = story, story.people, story.now
        self.pk = story.draft().pk
        self.author = self.people["nora"].pk
        self.edited: set[int] = {self.author}
        self.refused: set[int] = set()
        self.words = 0
        self.log: list[str] = []

    @property
    def article(self) -> Article:
        return Article.objects.get(pk=self.pk)

    @property
    def round(self) -> ReviewRound | None:
        return ReviewRound.objects.filter(article=self.pk, closed_at=None).first()

    def later(self, **by: float) -> datetime:
        self.now += timedelta(**(by or {"minutes": 7}))
        return self.now

    def user(self, name: str) -> User:
        return User.objects.get(pk=self.people[name].pk)

    def proof(self, user: User) -> Proof:
        return Proof(user_id=user.pk, at=self.now)

    def seat_of(self, user: User) -> ReviewAssignment | None:
        seats = ReviewAssignment.objects.filter(round__article=self.pk, member__user=user)
        return seats.order_by("-round__number", "-pk").first()

    def tries(self, what: str, act: Callable[[], object]) -> bool:
        """Whether the act was done; a refusal is fine, anything else that is raised fails the walk."""
        self.later()
        try:
            act()
        except Refused as refused:
            self.log.append(f"{what}: {refused.reason}")
            return False
        self.log.append(f"{what}: done")
        return True

    def edit(self, user: User, change: Callable[[str], str]) -> None:
        """As the form does it: only in an editable state, by an author or an editor."""
        article = self.article
        article_conditions.may_edit(article, user).enforce()
        with work(actor=user, now=self.now):
            variant = AudienceVariant.objects.get(article=article)
            body = change(variant.body)
            if body != variant.body:
                variant.body = body
                save(variant, actor=user, reason="edit")
                self.edited.add(user.pk)
            if article.publications.exists() and not article.change_note:
                article.change_note = "What was found since."
                save(article, actor=user, reason="edit")
                self.edited.add(user.pk)

    def new_word(self, body: str) -> str:
        """A passage that stands nowhere else: found on a reader's page, it must be published."""
        self.words += 1
        return f"{body}\nCanary{self.words}x was found to be safe.\n"

    def published_fully(self, publication: Publication) -> None:
        """From a full review on, nobody but the authors counts as having written it."""
        if publication.change_class in FULL and publication.basis == "signed":
            self.edited = {self.author}
