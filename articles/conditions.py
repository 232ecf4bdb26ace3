"""Who may do what to an article, with the reason when not. State, relation and role; nothing else."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles import snapshots, versions
from articles.models import Article, Publication
from articles.states import CURRENT, EDGES, EDITABLE, ArticleState, PublicationStatus
from editorial import clock
from editorial.conditions import YES, Condition, no, unless
from editorial.models import User
from editorial.once import once
from editorial.roles import is_author, is_board, is_chief, is_editor


def in_state(article: Article, verb: str) -> Condition:
    """The verb's row of the table allows the state the article is in."""
    if article.abandoned_at:
        return no(_("This draft was abandoned."))
    return unless(
        article.state in EDGES[verb].sources,
        _("Not possible while the article is “%(state)s”.") % {"state": article.state_label},
    )


def authored_by(article: Article, user: User) -> bool:
    return is_author(user) and wrote(article, user)


def wrote(article: Article, user: User) -> bool:
    return user.pk in authors_of(article)


def authors_of(article: Article) -> frozenset[int]:
    return frozenset(author.pk for author in snapshots.authors_of(article))


def editor_only(user: User) -> Condition:
    return unless(is_editor(user), _("Only an editor may do this."))


def editor_of(article: Article, user: User) -> Condition:
    """An editor who isn't one of its authors: nobody holds both roles on one article."""
    return editor_only(user) & no_author(wrote=wrote(article, user))


def no_author(*, wrote: bool) -> Condition:
    return unless(not wrote, _("You are an author of this article, so another editor has to do this."))


def not_ended(article: Article) -> Condition:
    """A retracted or removed article gets no further version."""
    return unless(
        current_status(article) not in ("retracted", "removed"),
        _("The published version was retracted or removed, so no further version can follow. Abandon this one."),
    )


def chief_only(user: User) -> Condition:
    return unless(is_chief(user), _("Only a chief editor may do this."))


def author_or_editor(article: Article, user: User) -> Condition:
    return unless(
        is_editor(user) or authored_by(article, user), _("Only an author of this article or an editor may do this.")
    )


def may_see(article: Article, user: User) -> bool:
    """Editors see every article, authors their own; reviewers see theirs on the review page alone."""
    return is_editor(user) or authored_by(article, user)


def may_edit(article: Article, user: User) -> Condition:
    if article.abandoned_at:
        return no(_("This draft was abandoned."))
    frozen = _("The text is frozen while the article is “%(state)s”. Unlock it for editing first.")
    return unless(article.state in EDITABLE, frozen % {"state": article.state_label}) & author_or_editor(article, user)


def may_create(user: User) -> Condition:
    """Authors, editors, and the system when an operator imports from the command line."""
    may = is_editor(user) or is_author(user) or user.kind == User.Kind.SYSTEM
    return unless(may, _("Only authors and editors may add articles."))


def may_submit(article: Article, user: User) -> Condition:
    return (
        in_state(article, "submit")
        and author_or_editor(article, user) & not_ended(article)
        and says_what_changed(article)
    )


def says_what_changed(article: Article) -> Condition:
    """A change after approval has its reason (21 CFR 11.10(e)), and readers are told."""
    if article.change_note.strip() or not has_versions(article):
        return YES
    return no(_("Say in the change note what is different from the published version: readers are told."))


def may_triage(article: Article, user: User) -> Condition:
    return in_state(article, "triage") & editor_of(article, user)


def may_handle(article: Article, editor: User) -> Condition:
    """The handling editor is an editor, and no author of the article."""
    return unless(is_editor(editor), _("The handling editor has to be an editor.")) & unless(
        not article.authors.filter(pk=editor.pk).exists(),
        _("%(name)s is an author of this article; name another handling editor.") % {"name": editor.shown_name},
    )


def may_reopen(article: Article, user: User) -> Condition:
    return in_state(article, "reopen") & editor_of(article, user)


def may_revise(article: Article, user: User) -> Condition:
    current = current_status(article)
    ended = {"retracted": _("retracted"), "removed": _("removed")}
    return (
        in_state(article, "revise")
        & author_or_editor(article, user)
        & unless(
            current not in ended,
            _("The published version was %(status)s; it can't be revised.") % {"status": ended.get(current, "")},
        )
    )


def may_discard_revision(article: Article, user: User) -> Condition:
    return (
        in_state(article, "discard_revision")
        & editor_of(article, user)
        & unless(
            current_status(article) in ("live", "on_hold"),
            _("There is no published version to go back to. Abandon it."),
        )
    )


def may_abandon(article: Article, user: User) -> Condition:
    return (
        unless(article.state == ArticleState.DRAFT, _("Only a draft can be abandoned."))
        & unless(not article.abandoned_at, _("This draft was abandoned."))
        & author_or_editor(article, user)
        & unless(
            current_status(article) not in ("live", "on_hold"), _("It is published. Discard the revision instead.")
        )
    )


def may_confirm_markers(article: Article, user: User) -> Condition:
    return may_edit(article, user) & unless(
        any(source.unconfirmed for source in article.sources.all()), _("No restored citation is waiting.")
    )


def may_take_down(user: User) -> Condition:
    """Any editor, or any board member who serves today."""
    return unless(
        is_editor(user) or (is_board(user) and _serves(user)),
        _("Only an editor or an active board member may take a page off the site."),
    )


def may_hold(article: Article, user: User) -> Condition:
    return may_take_down(user) & unless(
        current_status(article) == "live", _("There is no live version to take off the site.")
    )


def may_lift(article: Article, user: User) -> Condition:
    return (
        chief_only(user)
        & editor_of(article, user)
        & unless(current_status(article) == "on_hold", _("There is no version on hold."))
    )


def may_retract(article: Article, user: User) -> Condition:
    return (
        chief_only(user)
        & editor_of(article, user)
        & unless(current_status(article) in ("live", "on_hold"), _("Only a live or held version can be retracted."))
    )


def may_restore(article: Article, user: User) -> Condition:
    held = (
        chief_only(user)
        & editor_of(article, user)
        & unless(
            current_status(article) == "on_hold",
            _("An earlier version comes back from a hold alone: take the page off the site first."),
        )
    )
    return held and unless(restorable(article).exists(), _("There is no earlier version with another text."))


def restorable(article: Article) -> QuerySet[Publication]:
    """Versions that readers once had, with another text than the one that is current."""
    current = current_publication(article)
    earlier = article.publications.filter(status=PublicationStatus.SUPERSEDED).order_by("-number")
    if current is not None:
        earlier = earlier.exclude(digest=current.digest)
    return earlier.filter(pk__in=[row.pk for row in earlier.defer("snapshot", "html") if versions.was_shown(row)])


def may_retire(article: Article, user: User) -> Condition:
    return (
        chief_only(user)
        & editor_of(article, user)
        & unless(current_status(article) == "live", _("Only a live version can be retired."))
    )


def may_succeed(article: Article, successor: Article | None) -> Condition:
    """What takes the place of a retired article is another one that readers have."""
    if successor is None:
        return YES
    return unless(successor.pk != article.pk, _("An article can't take its own place.")) & unless(
        current_status(successor) == "live", _("What takes its place has to be live itself.")
    )


def may_remove(article: Article, user: User) -> Condition:
    return (
        chief_only(user)
        & editor_of(article, user)
        & unless(current_status(article), _("Nothing of it was published."))
        & unless(current_status(article) != "removed", _("It has been removed already."))
    )


def is_as_published(article: Article) -> Condition:
    """The text is the current version's, which is live or on hold, and no other version waits for its day."""
    current = current_publication(article)
    waiting = any(row.status == PublicationStatus.SCHEDULED for row in versions_of(article))
    return (
        unless(
            current is not None and current.status in ("live", "on_hold"),
            _("There is no version on the site or on hold that the board could confirm."),
        )
        & unless(not waiting, _("A newer version waits for its day."))
        & unless(
            current is None or current.digest == article.frozen_digest,
            _("The text isn't the one that is published; revise it and submit it instead."),
        )
    )


def current_status(article: Article) -> str:
    """The status of the current publication, or an empty text."""
    return next((str(row.status) for row in versions_of(article) if row.status in CURRENT), "")


def has_versions(article: Article) -> bool:
    return bool(versions_of(article))


@once
def versions_of(article: Article) -> tuple[Publication, ...]:
    """All its publications, the newest first, without their texts and policies, which are read when asked for."""
    return tuple(article.publications.order_by("-number").defer("snapshot", "html", "policy"))


@once
def current_publication(article: Article) -> Publication | None:
    return article.publications.filter(status__in=sorted(CURRENT)).first()


def _serves(user: User) -> bool:
    member = getattr(user, "board_member", None)
    return member is not None and member.is_serving(clock.now().date())
