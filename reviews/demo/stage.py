"""Walks the demo's six articles to their states, through the real verbs, with dates in the past."""

from datetime import datetime, timedelta
from pathlib import Path

from articles import importing, workflow
from articles.models import Article, Reference
from editorial import reauth
from editorial.models import Specialty, User
from editorial.verbs import save, work
from reviews import workflow as review
from reviews.models import ReviewAssignment, ReviewRound
from reviews.states import VerdictKind

MANUSCRIPTS = Path(__file__).parent / "manuscripts"


class Stage:
    """One article's way. Each step happens at ``self.at``, which moves on by hours."""

    def __init__(self, people: dict[str, User], name: str, *, begins: datetime) -> None:
        self.people = people
        self.at = begins
        data = (MANUSCRIPTS / name).read_bytes()
        outcome = importing.take_in(data, name=name, actor=people["nora"], author=people["nora"], now=self.at)
        if outcome.error or outcome.article is None:
            raise RuntimeError(f"{name}: {outcome.error}")
        self.is_new = outcome.status == "imported"
        self.article = outcome.article
        if self.is_new:
            _checked(self.article, people["tom"], self.at)

    def later(self, **by: float) -> datetime:
        self.at += timedelta(**(by or {"hours": 3}))
        return self.at

    def submitted(self) -> "Stage":
        self.article = workflow.submit(self.article, actor=self.people["nora"], now=self.later())
        return self

    def rewritten(self, before: str, after: str, note: str) -> "Stage":
        """Another short answer, with what changed for readers."""
        nora, article = self.people["nora"], Article.objects.get(pk=self.article.pk)
        with work(actor=nora, now=self.later()):
            article.short_answer = article.short_answer.replace(before, after)
            article.change_note, article.conclusions_changed = note, True
            save(article, actor=nora, reason="revised")
        self.article = article
        return self

    def triaged(self, specialty: str, risk: str, editor: str = "tom") -> "Stage":
        self.article = workflow.triage(
            self.article,
            actor=self.people[editor],
            now=self.later(),
            risk_tier=risk,
            specialty=Specialty.objects.get(slug=specialty),
            handling_editor=self.people[editor],
        )
        return self

    def panel(self, *usernames: str, note: str = "", alternates: tuple[str, ...] = ()) -> "Stage":
        members, stand_by = ([self.people[name].board_member for name in names] for names in (usernames, alternates))
        editor = self.article.handling_editor
        self.round: ReviewRound = review.open_round(
            self.article, actor=editor, now=self.later(), members=members, alternates=stand_by, note=note
        )
        return self

    def signed(self, username: str, verdict: str = VerdictKind.APPROVE, comment: str = "") -> "Stage":
        user, seat = self._declared(username)
        review.sign_review(
            self.round.article,
            actor=user,
            now=self.later(),
            assignment=seat,
            verdict=verdict,
            comment=comment,
            checklist={item["code"]: "yes" for item in self.round.rule["checklist"]},
            proof=self._proof(user),
        )
        return self

    def remarked(self, username: str, kind: str, body: str, *, quote: str, replacement: str) -> "Stage":
        """A suggested change, waiting for its author to take it over."""
        user, _seat = self._declared(username)
        values = {"kind": kind, "body": body, "quote": quote, "replacement": replacement}
        review.add_comment(self.round.article, actor=user, now=self.later(), **values)
        return self

    def confirmed(self) -> "Stage":
        editor = self.article.handling_editor
        self.later()
        review.confirm(self.article, actor=editor, now=self.at, proof=self._proof(editor))
        self.article = Article.objects.get(pk=self.article.pk)
        return self

    def _declared(self, username: str) -> tuple[User, ReviewAssignment]:
        """The person and their seat, once they have said that they have no conflict."""
        user = self.people[username]
        seat = ReviewAssignment.objects.get(round=self.round, member__user=user)
        if not hasattr(seat, "declaration"):
            now = self.later(hours=20)
            review.declare(self.round.article, actor=user, now=now, assignment=seat, has_conflict=False)
        return user, seat

    def _proof(self, user: User) -> reauth.Proof:
        """The demo signs for its cast, and each signature says so."""
        return reauth.Proof(user_id=user.pk, at=self.at, method="demo")


def set_stage(people: dict[str, User], *, now: datetime) -> list[Article]:
    """Six articles, one in each state; two of the three that readers see have a revision under way."""
    acts = (_approved, _rejected_revision, _under_review, _changes_requested, _submitted, _draft)
    return [Article.objects.get(pk=act(people, now).pk) for act in acts]


def _approved(people: dict[str, User], now: datetime) -> Article:
    stage = Stage(people, "statins-after-heart-attack.md", begins=now - timedelta(days=70))
    if stage.is_new:
        stage.submitted().triaged("cardiology", "standard").panel("claire", "ravi")
        stage.signed("claire").signed("ravi").confirmed()
    return stage.article


def _rejected_revision(people: dict[str, User], now: datetime) -> Article:
    """Live since a year; a revision that went too far was rejected, and the page stayed as it was."""
    stage = Stage(people, "mediterranean-diet-prevention.md", begins=now - timedelta(days=380))
    if stage.is_new:
        stage.submitted().triaged("cardiology", "low", "lena").panel("ravi").signed("ravi").confirmed()
        stage.at = now - timedelta(days=12)
        nora, lena = people["nora"], people["lena"]
        workflow.revise(stage.article, actor=nora, now=stage.at, reason="New cohort studies have come out.")
        stage.rewritten("Probably, in people at high risk.", "Yes, in people at high risk.", "New cohort studies.")
        stage.submitted()
        review.reject(
            stage.article,
            actor=lena,
            now=stage.later(),
            reason="The new studies don't change the answer; the live version stands.",
        )
    return stage.article


def _under_review(people: dict[str, User], now: datetime) -> Article:
    """One has signed; the other is three days late, so the clock reminds her."""
    stage = Stage(people, "low-blood-pressure-target.md", begins=now - timedelta(days=24, hours=10))
    if stage.is_new:
        stage.submitted().triaged("cardiology", "standard")
        note = "Please look at the target for people over 80."
        stage.panel("ravi", "claire", note=note, alternates=("sofia",)).signed("ravi")
    return stage.article


def _changes_requested(people: dict[str, User], now: datetime) -> Article:
    stage = Stage(people, "sglt2-inhibitors-heart-failure.md", begins=now - timedelta(days=15))
    if stage.is_new:
        stage.submitted().triaged("cardiology", "high", "lena").panel("claire", "ravi", "sofia")
        watch = "Watch volume status, kidney function and genital infection"
        remark = "Patients meet this at every planned operation."
        stage.remarked("sofia", "suggestion", remark, quote=watch, replacement=f"{watch}; pause it before surgery")
        comment = "Say what to do about ketoacidosis before surgery: patients will ask."
        stage.signed("sofia", VerdictKind.CHANGES_NEEDED, comment)
    return stage.article


def _submitted(people: dict[str, User], now: datetime) -> Article:
    stage = Stage(people, "glucose-control-type-2-diabetes.md", begins=now - timedelta(days=2))
    return stage.submitted().article if stage.is_new else stage.article


def _draft(people: dict[str, User], now: datetime) -> Article:
    """As pasted, with every defect still in it: open it to see what preflight says."""
    return Stage(people, "pasted-page.txt", begins=now - timedelta(hours=20)).article


def _checked(article: Article, editor: User, at: datetime) -> None:
    """An editor has looked the sources up: no notice was known that day."""
    for reference in Reference.objects.filter(citations__article=article).exclude(doi=""):
        reference.status, reference.status_checked_on = Reference.Status.OK, at.date()
        save(reference, actor=editor, reason="looked up")
