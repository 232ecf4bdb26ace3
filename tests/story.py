"""An article's way in short sentences, through the real verbs."""

from datetime import datetime, timedelta

from articles import proposals
from articles import workflow as bare
from articles.models import Article, AudienceVariant, Citation, Reference, Topic
from editorial import reauth
from editorial.models import Specialty, User
from editorial.verbs import save, work
from reviews import conditions, workflow
from reviews.demo.cast import PASSWORD
from reviews.models import ReviewAssignment, ReviewRound
from reviews.states import VerdictKind
from tests import kept

BODY = """## From the guidelines {.guideline certainty=moderate strength=strong}

A target below 130 mm Hg is recommended for most adults with high blood pressure [@aha].

## From the research {.research}

In one large trial, treating to a lower target prevented heart attacks and strokes [@sprint].
"""


class Story:
    """Walks an article along. Each step takes a minute, so that the order of events is plain."""

    def __init__(self, people: dict[str, User], now: datetime) -> None:
        self.people = people
        self.now = now

    def tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def proof(self, username: str) -> reauth.Proof:
        return reauth.prove(self.people[username], PASSWORD, now=self.now)

    @kept.scene
    def draft(self, *, title: str = "How low should blood pressure be?", author: str = "nora", **fields) -> Article:
        """A complete draft that preflight lets pass."""
        actor = self.people[author]
        article = bare.create(
            actor=actor,
            now=self.tick(),
            title=title,
            short_answer="For most adults, below 130 mm Hg if treatment is well tolerated.",
            funding="none",
            **fields,
        )
        article.authors.add(actor)
        article.topics.add(Topic.objects.get_or_create(slug="hypertension", defaults={"name": "Hypertension"})[0])
        with work(actor=actor, now=self.now):
            save(AudienceVariant(article=article, body=BODY), actor=actor)
            for key, values in REFERENCES.items():
                reference = Reference.objects.filter(doi=values["doi"]).first() or Reference.objects.create(**values)
                save(Citation(article=article, reference=reference, key=key), actor=actor)
        return Article.objects.get(pk=article.pk)

    @kept.scene
    def submitted(self, article: Article | None = None, change_class: str = "", **fields) -> Article:
        """A revision that nobody has edited or described yet is first, as an update."""
        article = article or self.draft(**fields)
        if article.publications.exists():
            article = self._described(article)
        return bare.submit(article, actor=article.authors.get(), now=self.tick(), change_class=change_class)

    def edit(
        self,
        article: Article,
        replace: tuple[str, str] | None = None,
        *,
        note: str = "A new trial.",
        conclusions_changed: bool | None = False,
        by: str = "nora",
        **values,
    ) -> Article:
        """Replace words of the first text, set fields of the row, and say in a note what changed."""
        article, actor = Article.objects.get(pk=article.pk), self.people[by]
        with work(actor=actor, now=self.tick()):
            if replace is not None:
                variant = article.variants.first()
                assert replace[0] in variant.body, replace
                variant.body = variant.body.replace(*replace)
                save(variant, actor=actor)
            values = {"change_note": note, "conclusions_changed": conclusions_changed, **values}
            for name, value in values.items():
                setattr(article, name, value)
            save(article, actor=actor)
        return Article.objects.get(pk=article.pk)

    def revised(self, article: Article, replace: tuple[str, str] | None = None, **values) -> Article:
        """Opened for a new version and edited; without words to replace, opened alone."""
        article = bare.revise(article, actor=article.authors.get(), now=self.tick(), reason="New trial.")
        return self.edit(article, replace, **values) if replace or values else article

    def _described(self, article: Article) -> Article:
        author = article.authors.get().username
        if not proposals.of(article).floor:
            words = ("prevented heart attacks", "clearly prevented heart attacks")
            return self.edit(article, words, conclusions_changed=True, by=author)
        return article if article.change_note else self.edit(article, conclusions_changed=True, by=author)

    @kept.scene
    def triaged(self, article: Article | None = None, *, risk: str = "standard", **fields) -> Article:
        return bare.triage(
            self.submitted(article, **fields),
            actor=self.people["tom"],
            now=self.tick(),
            risk_tier=risk,
            specialty=Specialty.objects.get(slug="cardiology"),
            handling_editor=self.people["tom"],
        )

    @kept.scene
    def round(self, *members: str, risk: str = "standard", article: Article | None = None, **fields) -> ReviewRound:
        """An open round; the panel is Claire and Ravi of cardiology unless named."""
        article = self.triaged(article, risk=risk, **fields)
        seats = [self.people[name].board_member for name in members or ("claire", "ravi")]
        return workflow.open_round(article, actor=self.people["tom"], now=self.tick(), members=seats)

    def seat(self, round: ReviewRound, username: str) -> ReviewAssignment:
        return ReviewAssignment.objects.get(round=round, member__user__username=username)

    def declare(self, round: ReviewRound, username: str, **values) -> ReviewAssignment:
        values = {"has_conflict": False, **values}
        seat, actor = self.seat(round, username), self.people[username]
        return workflow.declare(round.article, actor=actor, now=self.tick(), assignment=seat, **values)

    def sign(
        self, round: ReviewRound, username: str, verdict: str = VerdictKind.APPROVE, comment: str = "", **values
    ) -> Article:
        """Declare no conflict if that is still to do, then sign."""
        seat = self.seat(round, username)
        if not hasattr(seat, "declaration"):
            self.declare(round, username)
        self.tick()
        workflow.sign_review(
            round.article,
            actor=self.people[username],
            now=self.now,
            assignment=seat,
            verdict=verdict,
            comment=comment,
            checklist={item["code"]: "yes" for item in round.rule["checklist"]},
            proof=self.proof(username),
            **values,
        )
        return Article.objects.get(pk=round.article_id)

    def confirm(self, article: Article, username: str = "tom") -> Article:
        self.tick()
        return workflow.confirm(article, actor=self.people[username], now=self.now, proof=self.proof(username))

    @kept.scene
    def published(self, **fields) -> Article:
        """All the way to a live page."""
        round = self.round(**fields)
        self.sign(round, "claire")
        self.sign(round, "ravi")
        return Article.objects.get(pk=self.confirm(round.article).pk)

    def open_round_of(self, article: Article) -> ReviewRound:
        return conditions.open_round_of(article)


REFERENCES = {
    "aha": {
        "kind": "guideline",
        "title": "2025 AHA/ACC high blood pressure guideline",
        "authors": "Jones, DW",
        "container_title": "Hypertension",
        "year": 2025,
        "volume": "82",
        "page": "e212-e316",
        "doi": "10.1161/hyp.0000000000000249",
        "pmid": "40811516",
    },
    "sprint": {
        "kind": "research",
        "title": "A Randomized Trial of Intensive versus Standard Blood-Pressure Control",
        "authors": "SPRINT Research Group",
        "container_title": "N Engl J Med",
        "year": 2015,
        "volume": "373",
        "page": "2103-16",
        "doi": "10.1056/nejmoa1511939",
        "pmid": "26551272",
    },
}
