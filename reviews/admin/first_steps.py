"""The first steps of each role. What the records tell is shown as done; each role's answers are one query."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from editorial.first_steps import Guide, Step, add_guide
from editorial.models import Absence, BoardMember, Credential, EditorialPolicy, Interest, Leave, MailPreferences, User
from editorial.roles import Role
from reviews import desk
from reviews.models import ManualReminder, ReviewAssignment, ReviewRound
from reviews.states import AssignmentState

ME = OuterRef("pk")


def _answers(user: User, **asked: Any) -> dict[str, bool]:
    """Which of these there are, of this person, in one query."""
    return User.objects.filter(pk=user.pk).values(**{name: Exists(rows) for name, rows in asked.items()}).get()


def _of_a_member(user: User) -> list[Step]:
    found = _answers(
        user,
        interests=Interest.objects.filter(member__user=ME),
        credentials=Credential.objects.filter(member__user=ME, verified_on__isnull=False),
        absences=Absence.objects.filter(member__user=ME),
        mail=MailPreferences.objects.filter(user=ME),
        signed=ReviewAssignment.objects.filter(member__user=ME, state=AssignmentState.COMPLETED),
    )
    first = desk.reviews_of(user).first() if not found["signed"] else None
    membership, mail = reverse("admin:membership"), reverse("admin:mail")
    return [
        Step(
            _("Declare your interests and look at your credentials"),
            _("Texts that touch them aren't given to you. Without a checked licence nobody signs."),
            membership,
            found["interests"] and found["credentials"],
        ),
        Step(
            _("Say when you are away and when mail may come"),
            _("Nothing falls due while you are away; the day's mail comes at your hour."),
            mail,
            found["absences"] or found["mail"],
        ),
        Step(
            _("Subscribe to your calendar"),
            _("Your due days, in the calendar that you use anyway."),
            f"{mail}#calendar",
        ),
        Step(
            _("Read your first text"),
            _("The text, what changed, its sources, and your signature: all on one page."),
            first.get_absolute_url() if first else f"{reverse('admin:index')}#your-reviews",
            found["signed"],
        ),
    ]


def _of_an_author(user: User) -> list[Step]:
    mine = Article.objects.kept().filter(authors=user)
    found = _answers(
        user,
        written=Article.objects.kept().filter(authors=ME),
        submitted=Article.objects.filter(authors=ME).exclude(submitted_at=None),
    )
    newest = mine.order_by("-created_at").values_list("pk", flat=True).first() if found["written"] else None
    page = reverse("admin:articles_article_change", args=[newest]) if newest else _list("articles_article")
    return [
        Step(
            _("Import a manuscript"),
            _("Its sections, citations and references are taken over, and every line is accounted for."),
            reverse("admin:upload"),
            found["written"],
        ),
        Step(
            _("Or write it here"),
            _("You see the page as its readers will while you type."),
            reverse("admin:articles_article_add"),
            found["written"],
        ),
        Step(
            _("Look at what was found"),
            _("Beside the text stands what keeps it from being submitted, and what would make it better."),
            page,
            found["submitted"] or None,
        ),
        Step(
            _("Submit it"),
            _("The text freezes, and the editors take over. You hear of every step."),
            page,
            found["submitted"],
        ),
    ]


def _of_an_editor(user: User) -> list[Step]:
    queue = reverse("admin:queue")
    found = _answers(
        user,
        triaged=Article.objects.filter(Q(handling_editor=ME) & ~Q(triaged_at=None)),
        opened=ReviewRound.objects.filter(opened_by=ME),
        reminded=ManualReminder.objects.filter(sent_by=ME),
        away=Leave.objects.filter(user=ME),
    )
    return [
        Step(
            _("Triage what was submitted"),
            _("Risk and specialty decide who has to sign; you say who handles it."),
            f"{queue}?view=triage",
            found["triaged"],
        ),
        Step(
            _("Open a review round"),
            _("The members who fit are proposed, each with the reason why or why not."),
            f"{queue}?view=panel",
            found["opened"],
        ),
        Step(
            _("Remind whoever is late"),
            _("You see the mail, add your own words, and who was reminded already."),
            f"{queue}?view=overdue",
            found["reminded"],
        ),
        Step(
            _("Say who decides while you are away"),
            _("Your deputy gets what is meant for you on those days."),
            reverse("admin:mail"),
            found["away"],
        ),
    ]


def _of_a_chief(user: User) -> list[Step]:
    found = _answers(
        user,
        policy=EditorialPolicy.objects.exclude(in_force_from=None),
        board=BoardMember.objects.filter(left_on=None),
    )
    return [
        Step(
            _("Decide on the policy"),
            _("How many sign, from which specialty, within how many days, by risk."),
            _list("editorial_editorialpolicy"),
            found["policy"],
        ),
        Step(
            _("Put the board together"),
            _("Invite physicians one by one, or bring them from a file. Somebody else checks each licence."),
            _list("editorial_boardmember"),
            found["board"],
        ),
        Step(
            _("See how the desk is doing"),
            _("Days to a decision, reviews on time, and what the policy asks of the board in a year."),
            reverse("admin:metrics"),
        ),
        Step(
            _("Look at the outbox"),
            _("What is to be mailed, and what couldn't be sent and waits for you."),
            _list("editorial_outboxmessage"),
        ),
    ]


def _list(model: str) -> str:
    return reverse(f"admin:{model}_changelist")


for _name, _role, _title, _steps in (
    ("board", Role.BOARD, _("What to do first as a board member"), _of_a_member),
    ("author", Role.AUTHOR, _("What to do first as an author"), _of_an_author),
    ("editor", Role.EDITOR, _("What to do first as an editor"), _of_an_editor),
    ("chief", Role.CHIEF, _("What to do first as a chief editor"), _of_a_chief),
):
    add_guide(Guide(_name, _role, _title, _steps))
