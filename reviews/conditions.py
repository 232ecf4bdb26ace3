"""Who may do what in a review, with the reason when not."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from articles import conditions as article_conditions
from articles import proposals
from articles.contributors import contributors
from articles.models import Article
from articles.states import ArticleState, PublicationStatus
from editorial import clock, policies
from editorial.conditions import YES, Condition, no, unless
from editorial.models import User
from editorial.models.policy import ChangeClass, EditorialPolicy, ReviewRule
from editorial.once import once
from editorial.roles import is_board, is_chief
from reviews import checklist, eligibility, matching
from reviews.models import ReviewAssignment, ReviewRound
from reviews.names import names_person
from reviews.states import SEATED, AssignmentState, VerdictKind


def open_round_of(article: Article) -> ReviewRound | None:
    """The newest one, if it is open: a next one begins when the last has ended."""
    last = last_round_of(article)
    return last if last is not None and last.is_open else None


@once
def last_round_of(article: Article) -> ReviewRound | None:
    return article.rounds.order_by("-number").first()


def rule_for(article: Article, *, now: datetime, change_class: str = "") -> ReviewRule | None:
    """The rule in force today for the article's risk and its change class, or another one."""
    return _rule_on(now.date(), article.effective_risk, change_class or article.change_class)


@once
def _rule_on(day: date, risk: str, change_class: str) -> ReviewRule | None:
    in_force = EditorialPolicy.begun(day).values("pk")[:1]
    rules = ReviewRule.objects.filter(policy__in=in_force, risk_tier=risk, change_class=change_class)
    return rules.select_related("policy").first()


def may_open_round(article: Article, user: User, *, now: datetime) -> Condition:
    """An editor, or the clock for what an editor put on the list."""
    by_clock = user.kind == User.Kind.SYSTEM
    allowed = (
        article_conditions.in_state(article, "open_round")
        and (YES if by_clock else article_conditions.editor_of(article, user))
        and article_conditions.not_ended(article)
        and unless(article.triaged_at, _("Triage it first: risk, specialty and handling editor."))
    )
    if allowed and rule_for(article, now=now) is None:
        return no(policies.why_no_rule(now.date()))
    return allowed and class_stands(article)


def class_stands(article: Article) -> Condition:
    """The class under which the frozen text is reviewed isn't too light for what readers have today."""
    round = open_round_of(article)
    change_class = round.rule["change_class"] if round else article.change_class
    return proposals.carries(article, change_class, article.frozen_snapshot)


def class_of_re_review(article: Article) -> str:
    """A reaffirmation, unless the review that the page stands on is itself in doubt: then the full quorum."""
    current = article_conditions.current_publication(article)
    on_site = current is not None and current.status == PublicationStatus.LIVE
    sound = on_site and not article.full_review_by and not article.quorum_lost_at
    return ChangeClass.REAFFIRMATION if sound else ChangeClass.UPDATE


def may_re_review(article: Article, user: User, *, now: datetime) -> Condition:
    """An editor, or the clock, asks the board to confirm what readers have."""
    by_clock = user.kind == User.Kind.SYSTEM
    who = YES if by_clock else article_conditions.editor_of(article, user)
    allowed = (
        article_conditions.in_state(article, "re_review")
        and who & article_conditions.is_as_published(article)
        and unless(article.specialty, _("Its specialty isn't known: revise it and triage it again."))
    )
    return allowed and unless(
        rule_for(article, now=now, change_class=class_of_re_review(article)),
        _("The policy in force has no rule for this risk and change class."),
    )


def not_seated(article: Article, user: User) -> Condition:
    """Whoever holds a seat on the panel that is at work judges the text, and leaves its editing to others.

    Taking the page from readers stays open to them: hold, and what ends it. Nobody waits for another with that.
    """
    return no_member(sits=sits_on(article, user))


def sits_on(article: Article, user: User) -> bool:
    return bool(SEATED & _seats_on(article, user))


@once
def _seats_on(article: Article, user: User) -> frozenset[str]:
    """In which states this person's seats on the open panel are."""
    seats = ReviewAssignment.objects.filter(round__article=article, round__closed_at=None, member__user=user)
    return frozenset(seats.order_by().values_list("state", flat=True))


def no_member(*, sits: bool) -> Condition:
    return unless(not sits, _("You are on this article's panel, so another editor has to do this."))


def editor_of(article: Article, user: User) -> Condition:
    """An editor who neither wrote the text nor holds a seat on its open panel."""
    return article_conditions.editor_of(article, user) and not_seated(article, user)


def may_lift(article: Article, user: User) -> Condition:
    return article_conditions.chief_only(user) & not_seated(article, user) & article_conditions.may_lift(article, user)


def may_restore(article: Article, user: User) -> Condition:
    return (
        article_conditions.chief_only(user) & not_seated(article, user) & article_conditions.may_restore(article, user)
    )


def may_withdraw(article: Article, user: User) -> Condition:
    opened = ReviewAssignment.objects.filter(round__article=article, round__closed_at=None).exclude(opened_at=None)
    author = article_conditions.authored_by(article, user)
    in_state = article_conditions.in_state(article, "withdraw")
    allowed = in_state and editor_of(article, user)
    if allowed or not in_state or not author:
        return allowed
    return unless(not opened.exists(), _("A reviewer has opened it: ask the editor to unlock it."))


def may_send_back(article: Article, user: User) -> Condition:
    return article_conditions.in_state(article, "request_changes") and editor_of(article, user)


def may_reject(article: Article, user: User) -> Condition:
    return article_conditions.in_state(article, "reject") and editor_of(article, user)


def not_contributor(article: Article, user: User) -> Condition:
    return unless(
        user.pk not in contributors(article),
        _("You contributed to this text, so somebody else has to judge it."),
    )


def no_writer(article: Article, user: User) -> Condition:
    """Neither by the history nor by the byline."""
    named = any(names_person(line, user.shown_name) for line in article.byline.splitlines())
    return not_contributor(article, user) & unless(
        not named, _("The byline names you as an author, so somebody else has to judge it.")
    )


def impartial(article: Article, user: User) -> Condition:
    """Whoever puts a text before readers neither wrote it nor declared an interest in what it is about."""
    return no_writer(article, user) and uninterested(article, user)


@once
def uninterested(article: Article, user: User) -> Condition:
    shared = matching.interests_of(user, article, today=clock.now().date())
    said = _("You declared an interest in %(names)s, so somebody else has to do this.")
    return unless(not shared, said % {"names": ", ".join(shared)})


def may_confirm(article: Article, user: User) -> Condition:
    """The editor's confirmation: an editor who wrote none of it. Quorum and ``uninterested`` are looked at last."""
    allowed = (
        article_conditions.in_state(article, "approve")
        and article_conditions.editor_only(user)
        and no_writer(article, user)
        and not_on_panel(article, user)
        and article_conditions.not_ended(article)
        and unless(open_round_of(article), _("There is no open round."))
        and by_chief(article, user)
    )
    return allowed and class_stands(article)


def by_chief(article: Article, user: User) -> Condition:
    """Where the round's rule asks for it, the confirmation has to be a chief editor's."""
    round = open_round_of(article)
    asked = round is not None and round.rule.get("chief_confirms", False)
    return unless(is_chief(user) or not asked, _("This round has to be confirmed by a chief editor."))


def not_on_panel(article: Article, user: User) -> Condition:
    """Whoever holds or held a seat in the round doesn't confirm it too: two roles, never both on one article."""
    seated = _seats_on(article, user)
    return unless(not seated, _("You are on this article's panel, so another editor has to confirm it."))


def is_seated(assignment: ReviewAssignment, user: User) -> Condition:
    return unless(assignment.member.user_id == user.pk, _("This seat isn't yours.")) & unless(
        is_board(user), _("You are not on the board any more.")
    )


def may_answer(assignment: ReviewAssignment, user: User) -> Condition:
    """Declare, step aside: while the round and the seat are open."""
    article, round = assignment.round.article, assignment.round
    return (
        is_seated(assignment, user)
        & unless(not assignment.is_waiting_alternate, _("You stand by as an alternate: nothing is asked of you yet."))
        & unless(round.is_open and article.state == ArticleState.UNDER_REVIEW, _("This round is closed. Thank you."))
        & unless(
            assignment.state in (AssignmentState.INVITED, AssignmentState.ACCEPTED, AssignmentState.COMPLETED),
            _("Your seat in this round has ended (%(state)s).") % {"state": assignment.get_state_display()},
        )
    )


def may_review(assignment: ReviewAssignment, user: User) -> Condition:
    """Declare, write, sign: an alternate is asked for nothing before their turn."""
    return may_answer(assignment, user) & unless(
        not assignment.is_waiting_alternate,
        _("You stand by as an alternate: nothing is asked of you until a seat falls free."),
    )


def may_come_late(assignment: ReviewAssignment, user: User) -> Condition:
    """Send words after the round has closed: whoever held a seat to its end, and has no conflict."""
    declaration = getattr(assignment, "declaration", None)
    return (
        is_seated(assignment, user)
        & unless(not assignment.round.is_open, _("This round is still open: sign your review."))
        & unless(
            assignment.state in (AssignmentState.COMPLETED, AssignmentState.RELEASED)
            and declaration is not None
            and not declaration.has_conflict,
            _("Your seat in this round has ended (%(state)s).") % {"state": assignment.get_state_display()},
        )
    )


def has_signed(assignment: ReviewAssignment) -> bool:
    return assignment.state == AssignmentState.COMPLETED


def may_release(assignment: ReviewAssignment, user: User) -> Condition:
    return editor_of(assignment.round.article, user) & unless(
        assignment.is_open, _("This seat isn't waiting for anybody.")
    )


def may_sign(assignment: ReviewAssignment, user: User, *, now: datetime) -> Condition:
    """At the instant of signing: seat, board, credential, independence, declaration, and the same text."""
    article, round = assignment.round.article, assignment.round
    first = may_review(assignment, user)
    if not first:
        return first
    declaration = getattr(assignment, "declaration", None)
    candidate = matching.candidate_of(assignment.member, article=article, today=now.date())
    against = eligibility.standing_reasons(candidate, matching.subject_of(article))
    return (
        unless(declaration, _("Declare your interests first; “none” is an answer."))
        & unless(declaration is None or not declaration.has_conflict, _("You declared a conflict of interest."))
        & unless(not against, _("You can't sign this: %(reasons)s.") % {"reasons": "; ".join(against)})
        & unless(round.digest == article.frozen_digest, _("The text changed since this round was opened."))
    )


def checklist_carries(rule: Mapping[str, Any], answers: Mapping[str, str], *, verdict: str) -> Condition:
    """The answers are to this round's checklist, and its critical items go with the verdict."""
    items = checklist.items_of(rule)
    strange = checklist.unknown(items, answers)
    if strange:
        return no(strange)
    texts = {item["code"]: item["text"] for item in items}
    found = [f"{texts[code]} {why}" for code, why in checklist.against(items, answers, verdict=verdict)]
    return unless(not found, _("The checklist doesn't go with this verdict: %(found)s") % {"found": " ".join(found)})


def comment_needed(verdict: str, comment: str) -> Condition:
    """Changes and objections must say what is wrong."""
    silent = verdict in (VerdictKind.CHANGES_NEEDED, VerdictKind.SAFETY_OBJECTION) and not comment.strip()
    return unless(not silent, _("Say what has to change, or what the danger is."))
