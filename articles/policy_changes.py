"""What one version of the policy asks that the one before it didn't, in words."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.differences import FieldDifference, of_texts
from editorial.models import EditorialPolicy, ReviewRule
from editorial.models.policy import ChangeClass, RiskTier
from editorial.wording import approvers_words, confirmation_words

Words = Callable[[ReviewRule], str]


def between(before: EditorialPolicy, after: EditorialPolicy) -> dict[str, Any]:
    """The ``changes`` of ``articles/reader/policy.html``: rules, checklist, and the text word by word."""
    return {
        "since": before.version,
        "rules": list(_rules(before, after)),
        "checklist": list(_checklist(before, after)),
        "text": _text(before, after),
    }


def _rules(before: EditorialPolicy, after: EditorialPolicy) -> Iterator[dict[str, Any]]:
    """What is the same for several kinds of change is said once, for all of them."""
    old, new = _by_kind(before), _by_kind(after)
    for tier in RiskTier:
        kinds = [kind for kind in ChangeClass if (tier, kind) in old or (tier, kind) in new]
        where: dict[str, list[ChangeClass]] = {}
        for kind in kinds:
            for phrase in _rule(old.get((tier, kind)), new.get((tier, kind))):
                where.setdefault(phrase, []).append(kind)
        said: dict[tuple[ChangeClass, ...], list[str]] = {}
        for phrase, found in where.items():
            said.setdefault(tuple(found), []).append(phrase)
        signed = [kind for kind in kinds if (rule := new.get((tier, kind))) is not None and rule.approvals]
        for group in sorted(said, key=lambda group: kinds.index(group[0])):
            yield {"label": _label(tier, group, is_every=list(group) in (kinds, signed)), "said": said[group]}


def _label(tier: RiskTier, kinds: Sequence[ChangeClass], *, is_every: bool) -> str:
    if is_every and len(kinds) > 1:
        return _("Every change at %(tier)s risk that the board signs") % {"tier": tier.label}
    names = ", ".join(str(kind.label) for kind in kinds)
    label = _("%(change)s at %(tier)s risk") % {"change": names, "tier": tier.label}
    return label[:1].upper() + label[1:]


def _rule(was: ReviewRule | None, now: ReviewRule | None) -> Iterator[str]:
    if was is None or now is None:
        if now is not None:
            yield _("a rule of its own: %(signatures)s") % {"signatures": _signatures(now)}
        if was is not None:
            yield _("no rule any more")
        return
    clocks = _CLOCKS if was.approvals or now.approvals else ()  # nobody's days run where nobody of the board signs
    for words in (_signatures, _confirmation, *clocks):
        if words(was) != words(now):
            yield _("%(now)s instead of %(was)s") % {"now": words(now), "was": words(was)}
    if was.changes_needed_blocks != now.changes_needed_blocks:
        blocks = now.changes_needed_blocks
        yield _("one “changes needed” sends it back") if blocks else _("the editor decides on “changes needed”")
    if was.attestation != now.attestation:
        yield _("signers declare “%(now)s” instead of “%(was)s”") % {"now": now.attestation, "was": was.attestation}


def _signatures(rule: ReviewRule) -> str:
    """Who signs: how many, and from where."""
    if not rule.approvals:
        return _("no signature of the board")
    count = ngettext("%(count)s signature", "%(count)s signatures", rule.approvals) % {"count": rule.approvals}
    also = [_("1 in %(name)s") % {"name": other.name} for other in rule.also.all()]
    unsaid = also if rule.in_specialty == rule.approvals else []  # then ``approvers_words`` names no others
    return f"{count} ({', '.join([approvers_words(rule), *unsaid])})"


def _confirmation(rule: ReviewRule) -> str:
    return confirmation_words(rule) or _("no confirmation by an editor")


def _review_days(rule: ReviewRule) -> str:
    return ngettext("%(count)s day to review", "%(count)s days to review", rule.review_days) % {
        "count": rule.review_days
    }


def _respond_days(rule: ReviewRule) -> str:
    return ngettext("%(count)s day to answer", "%(count)s days to answer", rule.respond_days) % {
        "count": rule.respond_days
    }


def _load(rule: ReviewRule) -> str:
    return _("at most %(count)s open reviews a member") % {"count": rule.load_limit}


def _again(rule: ReviewRule) -> str:
    months = rule.re_review_months
    return ngettext("reviewed again after %(count)s month", "reviewed again after %(count)s months", months) % {
        "count": months
    }


_CLOCKS: tuple[Words, ...] = (_review_days, _respond_days, _load, _again)


def _by_kind(policy: EditorialPolicy) -> dict[tuple[str, str], ReviewRule]:
    return {(rule.risk_tier, rule.change_class): rule for rule in policy.rules.all()}


def _checklist(before: EditorialPolicy, after: EditorialPolicy) -> Iterator[str]:
    old = {item.code: item for item in before.checklist.all()}
    new = {item.code: item for item in after.checklist.all()}
    for code, item in new.items():
        was = old.get(code)
        if was is None:
            yield _("New: %(text)s") % {"text": item.text}
        elif was.text != item.text:
            yield _("“%(now)s” instead of “%(was)s”") % {"now": item.text, "was": was.text}
        if was is not None and was.critical != item.critical:
            critical = _("Critical now: %(text)s") if item.critical else _("Not critical any more: %(text)s")
            yield critical % {"text": item.text}
        if was is not None and was.every_class != item.every_class:
            wider = _("Asked for every change now: %(text)s")
            yield (wider if item.every_class else _("Asked for new articles and updates alone: %(text)s")) % {
                "text": item.text
            }
    for code, item in old.items():
        if code not in new:
            yield _("No longer asked: %(text)s") % {"text": item.text}


def _text(before: EditorialPolicy, after: EditorialPolicy) -> list[FieldDifference]:
    return [of_texts("text", _("Text"), before.text, after.text)] if before.text != after.text else []
