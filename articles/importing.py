"""From a file to a draft: what a manuscript says becomes rows, and every byte of the source is kept."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles import csl, identifiers, intake, snapshots, workflow
from articles.intake.manuscript import IntakeError, Manuscript, ManuscriptReference
from articles.models import AIContribution, Article, AudienceVariant, Citation, IntakeSource, Reference, Topic
from articles.sections import SectionError, sections_of
from editorial.conditions import Refused
from editorial.models import User
from editorial.verbs import attributed, record, save, work


@dataclass
class Outcome:
    """What became of one file: imported, would_import, duplicate or refused."""

    file: str
    status: str
    title: str = ""
    sections: list[dict[str, str]] = field(default_factory=list)
    references: list[dict[str, Any]] = field(default_factory=list)
    markers: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[dict[str, Any]] = field(default_factory=list)
    unplaced: list[dict[str, Any]] = field(default_factory=list)
    findings: list[dict[str, str]] = field(default_factory=list)
    error: str = ""
    article: Article | None = None

    @property
    def failed(self) -> bool:
        return self.status == "refused" or bool(self.error)

    def as_json(self) -> dict[str, Any]:
        values = {name: value for name, value in vars(self).items() if name != "article"}
        return {**values, "error": self.error or None}


def take_in(
    data: bytes,
    *,
    name: str,
    actor: User,
    now: datetime,
    author: User | None = None,
    submit: bool = False,
    dry_run: bool = False,
) -> Outcome:
    """Read one file and make a draft of it; blocking findings don't stop the import, only the submission.

    Never raises for what is in the file: a bad one is refused in a sentence that names file and line.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    if known := IntakeSource.objects.filter(sha256=sha256).select_related("article").first():
        return _duplicate(name, known)
    try:
        manuscript = intake.read(data, name=name)
        source = IntakeSource(
            name=PurePath(name).name[-255:], sha256=sha256, data=data, taken_in_at=now, taken_in_by=actor
        )
        return _import(manuscript, source, name, actor=actor, author=author, submit=submit, dry_run=dry_run)
    except IntakeError as problem:
        at = f"{name}:{problem.line}" if problem.line else name
        return Outcome(file=name, status="refused", error=f"{at}: {problem.message}")
    except ValidationError as problem:
        return Outcome(file=name, status="refused", error=f"{name}: {' '.join(problem.messages)}")
    except Refused as problem:
        return Outcome(file=name, status="refused", error=f"{name}: {problem.reason}")
    except IntegrityError:
        known = IntakeSource.objects.filter(sha256=sha256).select_related("article").first()
        if known is None:
            raise
        return _duplicate(name, known)


def _import(
    manuscript: Manuscript,
    source: IntakeSource,
    file: str,
    *,
    actor: User,
    author: User | None,
    submit: bool,
    dry_run: bool,
) -> Outcome:
    now = source.taken_in_at
    outcome = _described(manuscript, file)
    with transaction.atomic():
        with work(actor=actor, now=now):
            article = _article(manuscript, actor, author, now)
            source.article = article
            source.report = {key: getattr(outcome, key) for key in ("markers", "left_out", "unplaced", "references")}
            source.save()
            record("article.imported", article.subject, source=source.sha256, name=source.name)
        found = snapshots.findings(article, today=now.date())
        outcome.findings = [{"code": f.code, "severity": f.severity, "message": f.message} for f in found]
        if submit and not dry_run:
            outcome.error = _submitted(article, author or actor, now)
        transaction.set_rollback(dry_run)
    outcome.status = "would_import" if dry_run else "imported"
    outcome.article = None if dry_run else article
    return outcome


def _submitted(article: Article, actor: User, now: datetime) -> str:
    """Submit, or say why not; the draft stays either way."""
    try:
        with transaction.atomic():
            workflow.submit(article, actor=actor, now=now)
    except Refused as refused:
        return _("Imported but not submitted: %(reason)s") % {"reason": refused.reason}
    return ""


def _article(manuscript: Manuscript, actor: User, author: User | None, now: datetime) -> Article:
    by = author or actor
    article = workflow.create(
        actor=actor,
        now=now,
        title=manuscript.title,
        short_answer=manuscript.short_answer,
        language=manuscript.language,
        region=manuscript.region,
        byline="\n".join(_person(person) for person in manuscript.byline),
        funding=manuscript.funding,
        origin=manuscript.origin,
    )
    with attributed(article, actor=by, reason="imported"):
        if author:
            article.authors.add(author)
        article.topics.set([_topic(topic) for topic in manuscript.topics])
    for variant in manuscript.variants:
        row = AudienceVariant(article=article, audience=variant.audience, body=variant.markdown)
        row.full_clean(exclude=["article"])
        save(row, actor=by)
    for reference in manuscript.references:
        save(Citation(article=article, reference=_reference(reference, by), key=reference.key), actor=by)
    for use in manuscript.ai_contributions:
        contribution = AIContribution(
            article=article, tool=use.tool, version=use.version, use=use.use, prompts=use.prompts
        )
        contribution.full_clean(exclude=["article"])
        save(contribution, actor=by)
    return article


def _person(person: Any) -> str:
    return ", ".join(part for part in (person.get("name", ""), person.get("credentials", "")) if part)


def _topic(name: str) -> Topic:
    topic = Topic.objects.filter(name__iexact=name).first()
    if topic is None:
        topic = Topic(name=name, slug=slugify(name)[:100] or "topic")
        topic.full_clean()
        topic.save()
    return topic


def _reference(given: ManuscriptReference, by: User) -> Reference:
    """The library's entry with the same identifier and title, else a new one; never by title alone."""
    fields = csl.fields_of({"title": given.title, **given.csl}, given.kind)
    for name, normalise in _NORMAL.items():
        fields[name] = _normal(fields[name] or given.identifiers.get(name, ""), normalise)
    fields["year"] = fields["year"] or given.year
    same = [Reference.objects.filter(**{name: fields[name]}).first() for name in ("doi", "pmid") if fields[name]]
    for known in filter(None, same):
        if known.title.casefold().rstrip(".") == fields["title"].casefold().rstrip(".") and known.kind == given.kind:
            return known
    reference = Reference(**fields)
    reference.full_clean(exclude=["accessed_on"], validate_unique=False)
    save(reference, actor=by)
    return reference


_NORMAL = {
    "doi": identifiers.normal_doi,
    "pmid": identifiers.normal_pmid,
    "pmcid": identifiers.normal_pmcid,
    "isbn": identifiers.normal_isbn,
}


def _normal(value: str, normalise: Any) -> str:
    """The identifier in its normal form; as it is when it can't be one, so that preflight shows it."""
    try:
        return normalise(value) if value else ""
    except identifiers.IdentifierError:
        return value[:20]


def _described(manuscript: Manuscript, name: str) -> Outcome:
    return Outcome(
        file=name,
        status="imported",
        title=manuscript.title,
        sections=[s for variant in manuscript.variants for s in _sections(variant.markdown)],
        references=[
            {
                "number": r.number,
                "kind": r.kind,
                "title": r.title,
                "source": r.source,
                "year": r.year,
                "identifiers": dict(r.identifiers),
            }
            for r in manuscript.references
        ],
        markers=[
            {"numbers": list(m.numbers), "keys": list(m.keys), "text": m.text, "confirmed": m.confirmed, "line": m.line}
            for m in manuscript.markers
        ],
        left_out=[{"line": row.line, "text": row.text, "why": row.why} for row in manuscript.left_out],
        unplaced=[{"line": row.line, "text": row.text, "why": row.why} for row in manuscript.unplaced],
    )


def _sections(markdown: str) -> list[dict[str, str]]:
    try:
        return [{"heading": section.heading, "kind": str(section.kind)} for section in sections_of(markdown)]
    except SectionError:
        return []


def _duplicate(name: str, known: IntakeSource) -> Outcome:
    article = known.article
    where = _("abandoned") if article.abandoned_at else article.state_label
    return Outcome(
        file=name,
        status="duplicate",
        title=article.title,
        error="",
        article=article,
        unplaced=[],
        findings=[
            {
                "code": "duplicate",
                "severity": "warn",
                "message": _(
                    "This file was imported on %(day)s as “%(title)s” (%(state)s). Nothing was made of it again."
                )
                % {"day": f"{known.taken_in_at:%Y-%m-%d}", "title": article.title, "state": where},
            }
        ],
    )
