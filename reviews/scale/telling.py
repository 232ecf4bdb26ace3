"""Stories of articles, told by the real verbs at times in the past. Each is told to be copied."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from articles import lifecycle, workflow
from articles.models import Article, AudienceVariant, Citation, Reference, Topic
from articles.states import ArticleState
from editorial import reauth
from editorial.models import Specialty, User
from editorial.verbs import save, work
from reviews import workflow as review
from reviews.models import ReviewAssignment, ReviewRound
from reviews.scale.words import Marks
from reviews.states import VerdictKind

SUBJECTS = (
    "high blood pressure",
    "knee osteoarthritis",
    "atrial fibrillation",
    "type 2 diabetes",
    "rheumatoid arthritis",
    "chronic heart failure",
    "gout",
    "osteoporosis",
    "low back pain",
    "stable angina",
    "hip fracture",
    "chronic kidney disease",
)
ASKED = ("Does {0} or {1} help in {2}?", "Is {0} safe beside {1} in {2}?", "How long should {0} follow {1} in {2}?")
BODY = """## From the guidelines {{.guideline certainty=moderate strength=strong}}

{0} is recommended for most adults with {2} whose symptoms stay in spite of {1} [@{3}].

## From the research {{.research}}

In one large trial with {5} people, {0} relieved symptoms of {2} in {6} more people than {1} did [@{4}]. Side effects
were mild, and {7} people stopped treatment because of them.
"""


@dataclass
class Teller:
    """Tells one article's way. Each step takes hours, so that the order of events is plain."""

    people: dict[str, User]
    board: dict[str, list[User]]
    marks: Marks
    numbers: list[int]
    """Three numbers that a copy has its own of."""
    subject: int
    at: datetime
    now: datetime
    specialty: str = "cardiology"
    risk: str = "standard"
    round: ReviewRound | None = None
    frozen: list[str] = field(default_factory=list)
    """Every snapshot that was submitted: some are kept nowhere, and events still name their digest."""
    article: Article = field(init=False)

    def later(self, **by: float) -> datetime:
        self.at += timedelta(**(by or {"hours": 3}))
        return self.at

    def days_until(self, days: float) -> float:
        """From where the story stands until so many days ago."""
        return (self.now - self.at) / timedelta(days=1) - days

    def proof(self, user: User) -> reauth.Proof:
        """These people never were: each signature says that it was loaded."""
        return reauth.Proof(user_id=user.pk, at=self.at, method="loaded")

    def draft(self) -> "Teller":
        author, (first, second) = self.people["author"], (self.marks.word(), self.marks.word())
        subject = SUBJECTS[self.subject % len(SUBJECTS)]
        sources = list(Reference.objects.order_by("pk"))
        cited = [sources[(self.subject * 2 + place) % len(sources)] for place in range(2)]
        self.article = workflow.create(
            actor=author,
            now=self.later(),
            title=ASKED[self.subject % len(ASKED)].format(first, second, subject),
            short_answer=f"For most adults with {subject}, {first} helps if it is well tolerated.",
            funding="none",
        )
        self.article.authors.add(author)
        self.article.topics.add(Topic.objects.get(slug=subject.replace(" ", "-")))
        with work(actor=author, now=self.at):
            text = BODY.format(first, second, subject, "one", "two", *self.numbers)
            save(AudienceVariant(article=self.article, body=text), actor=author)
            for key, reference in zip(("one", "two"), cited, strict=True):
                save(Citation(article=self.article, reference=reference, key=key), actor=author)
        self.article = self.again()
        return self

    def again(self) -> Article:
        return Article.objects.get(pk=self.article.pk)

    def submitted(self) -> "Teller":
        self.article = workflow.submit(self.article, actor=self.people["author"], now=self.later())
        self.frozen.append(self.article.frozen_snapshot)
        return self

    def triaged(self) -> "Teller":
        editor = self.people["editor"]
        specialty = Specialty.objects.get(slug=self.specialty)
        values = {"risk_tier": self.risk, "specialty": specialty, "handling_editor": editor}
        self.article = workflow.triage(self.article, actor=editor, now=self.later(), **values)
        return self

    def panel(self, alternates: int = 0) -> "Teller":
        """Two of the specialty, and whoever stands by."""
        found = [user.board_member for user in self.board[self.specialty]]
        self.round = review.open_round(
            self.article,
            actor=self.people["editor"],
            now=self.later(),
            members=found[:2],
            alternates=found[2 : 2 + alternates],
        )
        return self

    def signed(self, place: int, verdict: str = VerdictKind.APPROVE, comment: str = "") -> "Teller":
        user = self.board[self.specialty][place]
        seat = ReviewAssignment.objects.get(round=self.round, member__user=user)
        about = {"actor": user, "assignment": seat}
        review.declare(self.round.article, now=self.later(hours=20), has_conflict=False, **about)
        self.later()
        answers = {item["code"]: "yes" for item in self.round.rule["checklist"]}
        review.sign_review(
            self.round.article,
            now=self.at,
            verdict=verdict,
            comment=comment,
            checklist=answers,
            proof=self.proof(user),
            **about,
        )
        self.article = self.again()
        return self

    def confirmed(self) -> "Teller":
        """By the editor, where the rule asks for it: a correction is published with its last signature."""
        editor = self.people["editor"]
        if self.article.state == ArticleState.APPROVED:
            return self
        self.later()
        review.confirm(self.article, actor=editor, now=self.at, proof=self.proof(editor))
        self.article = self.again()
        return self

    def published(self) -> "Teller":
        return self.submitted().triaged().panel().signed(0).signed(1).confirmed()

    def revised(self, days: float) -> "Teller":
        """Opened so many days later and rewritten, with what changed for readers."""
        author = self.people["author"]
        self.later(days=days)
        self.article = workflow.revise(self.article, actor=author, now=self.at, reason="A new trial has come out.")
        variant = self.article.variants.get()
        with work(actor=author, now=self.later()):
            number = self.article.publications.count()
            variant.body = variant.body.replace("Side effects", f"A later trial, number {number}, agreed. Side effects")
            save(variant, actor=author)
            self.article.change_note, self.article.conclusions_changed = "A new trial was added.", False
            save(self.article, actor=author)
        self.article = self.again()
        return self

    def ended(self, verb: str) -> "Teller":
        """Held, retracted, retired or removed."""
        chief = self.people["chief"]
        self.later(days=9)
        values = {"actor": chief, "now": self.at}
        if verb == "retire":
            values["reason"] = "A newer article answers this."
        else:
            values["proof"] = self.proof(chief)
            said = "A figure in the main source is in doubt."
            values["reason" if verb == "hold" else "notice"] = said
        getattr(lifecycle, verb)(self.article, **values)
        self.article = self.again()
        return self

    def rejected(self) -> "Teller":
        said = "Another article answers this question already."
        review.reject(self.article, actor=self.people["editor"], now=self.later(), reason=said)
        self.article = self.again()
        return self
