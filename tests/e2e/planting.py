"""A house full of hostile texts: through the verbs on the way to readers, then straight into every column of text."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.db import models
from django.utils.text import slugify

from articles import projection
from articles.models import Article, AudienceVariant, Publication, Reference
from editorial import guards
from editorial.verbs import save, work
from tests.e2e.payloads import PAYLOADS, Supply
from tests.story import BODY, Story

APPS = ("editorial", "articles", "reviews")
TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
NO_TEXT = (models.SlugField, models.UUIDField)
"""Letters and figures alone, by the field's own validators and by what makes them."""

KEY = "a key that code makes and compares, of letters and figures"
DIGEST = "a digest, made by code"
FROZEN = "made by the real freeze of attacked texts, and bound to its digest"
READERS = "a projection: made afresh of attacked rows"
EXCEPTIONS = {
    **dict.fromkeys(("*.hash", "*.previous_hash", "*.salt", "*.sha256", "*.digest", "*.frozen_digest"), DIGEST),
    **dict.fromkeys(("*.frozen_snapshot", "*.frozen_html", "*.snapshot", "Publication.html"), FROZEN),
    **dict.fromkeys(("*.subject", "*.kind", "*.once_key", "*.digest_key", "*.target", "*.due_version"), KEY),
    **dict.fromkeys(("HandledRequest.verb", "*.proof", "*.audience", "QuestionWord.word", "Citation.key"), KEY),
    **dict.fromkeys(("HistoricalCitation.key", "ReaderMessage.slug", "User.first_steps_closed"), KEY),
    "*.time_zone": "one of the known time zones, by validator and form",
    "*.path": "an address of the desk that code makes; a link is PUBLIC_URL and this",
    "*.history_type": KEY,
    "User.password": "a hash, shown nowhere",
    "User.username": "what the crew signs in with; its validator takes letters, figures and @.+-_ alone",
    "User.email": "what mail goes to; addresses with payloads are tested in test_header_injection.py",
    "IntakeSource.data": "a file's bytes; files with payloads are tested in test_uploads.py",
}
"""Columns that nothing is planted in, each with its reason; ``*`` stands for every model."""

ROOM = {"User.first_name": 55, "User.last_name": 55, "Credential.letters": 60}
"""Characters that forms take where the column has more."""

JSON_TEXTS = {"AuditEvent.body"}
"""Columns of text whose text is JSON."""


class HostileStory(Story):
    """A story whose articles say hostile things in every field, all the way through preflight and freeze."""

    supply = Supply()

    def draft(self, *, title: str = "How low should blood pressure be?", **fields: Any) -> Article:
        """Complete as a story's, with hostile words in whatever an author or editor writes."""
        said = f"{title} {self.supply.some(120, most=1)}"
        article = super().draft(title=said, slug=slugify(title), **fields)
        with work(actor=article.created_by, now=self.now):
            for name, value in self._fields().items():
                setattr(article, name, value)
            save(article, actor=article.created_by)
            bodies = [*article.variants.all(), AudienceVariant(article=article, audience="patient")]
            for variant in bodies:
                variant.body = f"{BODY}\n{self._paragraphs()}"
                save(variant, actor=article.created_by)
        for reference in Reference.objects.filter(citations__article=article):
            for name in ("title", "authors", "container_title", "publisher", "volume", "issue", "page"):
                setattr(reference, name, self.supply.some(300 if name in ("title", "authors") else 40, most=2))
            reference.url = f"https://example.org/{quote(self.supply.some(200))}"
            reference.extra = {"note": self.supply.some(200)}
            save(reference, actor=article.created_by)
        return Article.objects.get(pk=article.pk)

    def _fields(self) -> dict[str, str]:
        return {
            "short_answer": f"Below 130 mm Hg. {self.supply.some(400, most=2)}",
            "byline": f"Nora Feld{self.supply.some(100, most=1)}, MD {self.supply.some(100, most=1)}",
            "funding": self.supply.some(400),
            "change_note": self.supply.some(400),
            "region": self.supply.some(40, most=1),
        }

    def _paragraphs(self) -> str:
        return "\n\n".join(self.supply.some(4000, most=1) for _ in range(len(PAYLOADS) // 6))


def columns() -> Iterator[tuple[type[models.Model], models.Field]]:
    """Every column of text of the three apps that isn't one of the exceptions."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in APPS or is_projection(model):
            continue
        for field in model._meta.local_concrete_fields:
            if isinstance(field, TEXTS) and not isinstance(field, NO_TEXT) and not field.choices and not reason(field):
                yield model, field


def is_projection(model: type[models.Model]) -> bool:
    """Readers' tables, made of what is attacked (READERS). What readers send in is none."""
    return (model.__name__.startswith("Public") and model is not Publication) or model.__name__ == "SearchEntry"


def name_of(field: models.Field) -> str:
    return f"{field.model.__name__}.{field.name}"


def reason(field: models.Field) -> str:
    return EXCEPTIONS.get(name_of(field)) or EXCEPTIONS.get(f"*.{field.name}", "")


def plant(supply: Supply, *, only: Iterable[str] = ()) -> Counter[str]:
    """Overwrite every column in every row, other texts in each; then make the readers' tables afresh.

    Returns how many rows each column had.
    """
    planted: Counter[str] = Counter()
    with guards.lifted():
        for model, field in columns():
            if only and model.__name__ not in only:
                continue
            planted[name_of(field)] += _fill(model, field, supply)
    for publication in Publication.objects.order_by("published_at"):
        projection.project(publication, afresh=True)
    projection.project_tables()
    return planted


def _fill(model: type[models.Model], field: models.Field, supply: Supply) -> int:
    rows = list(model._base_manager.values_list("pk", field.attname))
    for pk, before in rows:
        if isinstance(field, models.JSONField):
            value: Any = hostile_json(before, supply)
        elif name_of(field) in JSON_TEXTS:
            value = json.dumps(hostile_json(json.loads(before), supply))
        else:
            value = _text(field, pk, supply)
        model._base_manager.filter(pk=pk).update(**{field.attname: value})
    return len(rows)


def _text(field: models.Field, pk: Any, supply: Supply) -> str:
    mark = f"{pk} " if field.unique else ""
    room = ROOM.get(name_of(field)) or min(field.max_length or 3200, 3200)
    return mark + supply.some(room - len(mark))


def hostile_json(value: Any, supply: Supply) -> Any:
    """With other words in it; what is no words (keys, days, digests, addresses) stays."""
    if isinstance(value, dict):
        return {key: hostile_json(each, supply) for key, each in value.items()}
    if isinstance(value, list):
        return [hostile_json(each, supply) for each in value]
    return supply.some(300) if isinstance(value, str) and _are_words(value) else value


def _are_words(value: str) -> bool:
    return bool(re.search(r"[^\w.:/+-]", value))
