"""A version's entry in its article's history, and what it changed against the version before it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import content, differences, page, plain_text, versions
from articles.models import Notice, Publication
from articles.states import CURRENT, PublicationStatus
from editorial.models.policy import ChangeClass

CLASSES = {
    ChangeClass.NEW: gettext_lazy("First version"),
    ChangeClass.UPDATE: gettext_lazy("New evidence or conclusions"),
    ChangeClass.CORRECTION: gettext_lazy("Correction of words"),
    ChangeClass.TYPOGRAPHIC: gettext_lazy("Typing alone: no word changed its meaning"),
    ChangeClass.REAFFIRMATION: gettext_lazy("Reviewed again, without a change"),
    ChangeClass.URGENT: gettext_lazy("Mended at short notice"),
}
"""A version's change class in the words that readers get."""

STATUS = {
    PublicationStatus.LIVE: gettext_lazy("On the site"),
    PublicationStatus.ON_HOLD: gettext_lazy("Temporarily withdrawn"),
    PublicationStatus.SUPERSEDED: gettext_lazy("Replaced"),
    PublicationStatus.RETRACTED: gettext_lazy("Retracted"),
    PublicationStatus.RETIRED: gettext_lazy("No longer maintained"),
    PublicationStatus.REMOVED: gettext_lazy("Removed"),
}
APPROVING = ("approve", "approve_with_suggestions")
_SAID_ELSEWHERE = ("change_note", "conclusions_changed")


def entry(
    publication: Publication,
    current: Publication,
    *,
    notices: list[Notice],
    withdrawn: Mapping[int, date],
    has_changes: bool,
) -> str:
    """The version's own part of the history page. Without a word of the text, or a name, while that is withheld."""
    status = PublicationStatus(page.status_of(publication, current))
    context: dict[str, Any] = {
        "number": publication.number,
        "url": f"/articles/{current.slug}/v/{publication.number}/",
        "status": status,
        "status_label": STATUS[status],
        "is_current": publication.status in CURRENT,
        "published_on": timezone.localtime(publication.published_at).date(),
        "class_label": _class(publication),
        "withheld": status in page.WITHHELD,
    }
    if not context["withheld"]:
        context |= {
            "note": publication.change_note,
            "conclusions": publication.conclusions_changed,
            "reviewed_on": publication.last_reviewed,
            "reviewed_version": publication.reviewed_version if publication.basis == "carried" else None,
            "decision": decision(publication.evidence),
            "signed_by": list(_signed(publication, withdrawn)),
            "rule": page.rule_text(publication.policy),
            "notices": [page.notice_of(notice) for notice in notices],
            "has_changes": has_changes,
        }
    return render_to_string("articles/reader/history_entry.html", {"entry": context})


def changes(publication: Publication) -> str:
    """What it changed, word by word as readers saw both; empty for the first version that they had."""
    last = versions.before(publication) if publication.number > 1 else None
    if last is None:
        return ""
    earlier = Publication.objects.get(pk=last.pk)
    found = differences.between(_shown(earlier, _as_read), _shown(publication, _as_read))
    if not found:  # such as another grade or kind of a section: the page shows it, and not in words
        found = differences.between(_shown(earlier, _as_written), _shown(publication, _as_written))
    said = {
        "number": publication.number,
        "before": earlier.number,
        "before_on": timezone.localtime(earlier.published_at).date(),
        "published_on": timezone.localtime(publication.published_at).date(),
        "class_label": _class(publication),
        "note": publication.change_note,
        "conclusions": publication.conclusions_changed,
        "differences": found,
    }
    return render_to_string("articles/reader/changes.html", said)


def decision(evidence: Mapping[str, Any]) -> str:
    """How many approved, of how many who gave a verdict, and what else was recorded; empty without a verdict."""
    verdicts = evidence.get("verdicts", {})
    total, approved = sum(verdicts.values()), sum(verdicts.get(kind, 0) for kind in APPROVING)
    if not total:
        return ""
    objections = evidence.get("objections", verdicts.get("safety_objection", 0))
    asked, abstained = verdicts.get("changes_needed", 0), verdicts.get("abstain", 0)
    parts = [
        ngettext("approved by %(n)s of %(all)s reviewer", "approved by %(n)s of %(all)s reviewers", total)
        % {"n": approved, "all": total},
        ngettext("%(n)s recorded objection", "%(n)s recorded objections", objections) % {"n": objections},
        ngettext("%(n)s asked for changes", "%(n)s asked for changes", asked) % {"n": asked},
        ngettext("%(n)s abstained", "%(n)s abstained", abstained) % {"n": abstained},
    ]
    shown = (part for part, count in zip(parts, (1, objections, asked, abstained), strict=True) if count)
    said = ", ".join(shown)
    return said[0].upper() + said[1:]


def _class(publication: Publication) -> str:
    if publication.restored_from:
        return _("Version %(number)s, brought back") % {"number": publication.restored_from}
    return str(CLASSES[ChangeClass(publication.change_class)])


def _signed(publication: Publication, withdrawn: Mapping[int, date]) -> Iterator[dict[str, Any]]:
    for signature in publication.evidence.get("signatures", ()):
        yield {
            "name": signature["name"],
            "credentials": signature.get("credentials", ""),
            "act": _("reviewer") if signature.get("verdict") else _("editor, confirmed it"),
            "withdrawn_on": withdrawn.get(signature["id"]),
        }


def _shown(publication: Publication, text: Callable[[Publication, dict[str, Any]], str]) -> dict[str, Any]:
    """The values of its snapshot that the page shows, each audience's text by ``text``."""
    values = content.parse(publication.snapshot)
    shown = {name: value for name, value in values.items() if name not in _SAID_ELSEWHERE}
    shown["variants"] = [
        {"audience": variant["audience"], "markdown": text(publication, variant)} for variant in values["variants"]
    ]
    shown["ai_contributions"] = [
        {name: value for name, value in use.items() if name != "prompts"} for use in values["ai_contributions"]
    ]
    return shown


def _as_read(publication: Publication, variant: dict[str, Any]) -> str:
    return plain_text.of(publication.html[variant["audience"]])


def _as_written(_publication: Publication, variant: dict[str, Any]) -> str:
    return str(variant["markdown"])
