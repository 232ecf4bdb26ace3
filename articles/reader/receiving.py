"""What a reader sends to the editors: checked, and added to the one table that the public site may write to.

These forms carry no authority and no cookie, so that Django's CSRF check has nothing to compare; the checks here stand
in its place. Whatever is refused, the form comes back with the text in it.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation, ValidationError
from django.db import InternalError, OperationalError
from django.db.models.constants import OnConflict
from django.http import HttpRequest, QueryDict
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import ReaderMessage
from articles.models.public import SENT
from articles.reader import limits, tokens
from editorial import clock
from editorial.text import clean, deliverable

SHORTEST, LONGEST = 10, 4000
"""Characters of a message."""
MOST_BYTES = 256 * 1024
ENCODING = "application/x-www-form-urlencoded"
TRAP = "website"
"""A field that no person sees: who fills it in is thanked, and nothing is stored."""


class MessageForm(forms.Form):
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 7}))
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("Only if you want an answer. It is deleted together with the message."),
    )

    def __init__(self, *args: Any, label: str, help_text: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label, self.fields["text"].help_text = label, help_text
        self.fields["text"].error_messages["required"] = _("Write your message first.")

    def clean_email(self) -> str:
        deliverable(self.cleaned_data["email"])
        return str(self.cleaned_data["email"])

    def clean_text(self) -> str:
        text = clean(self.cleaned_data["text"]).strip()
        if len(text) < SHORTEST:
            raise ValidationError(_("Say a little more: at least %(least)s characters.") % {"least": SHORTEST})
        if len(text) > LONGEST:
            words = _("The text has %(count)s characters; at most %(most)s fit. Shorten it.")
            raise ValidationError(words % {"count": len(text), "most": LONGEST})
        return text


@dataclass(frozen=True)
class Letter:
    """What a message is, before anything of it was read: its form, and the page that it is about."""

    form: str
    kind: str
    slug: str = ""
    version: int | None = None


@dataclass(frozen=True)
class Refusal:
    status: int
    words: str
    keeps_token: bool = False


def posted(request: HttpRequest) -> QueryDict | Refusal:
    """The fields that were sent; a body that isn't a form's is refused before it is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length[:12]) > MOST_BYTES:
        words = _("The text is too long to be taken in. Shorten it to %(most)s characters, then send it.")
        return Refusal(413, words % {"most": LONGEST})
    if request.content_type != ENCODING:
        return Refusal(415, _("This form takes plain fields alone, without files."))
    try:
        return request.POST
    except (BadRequest, SuspiciousOperation, UnreadablePostError, UnicodeDecodeError):
        return Refusal(400, _("The form didn't arrive whole. Send it once more."))


def shown(text: str) -> str:
    """What was typed, as a form may show it again: no longer than a form takes, without what can't be stored."""
    return text.replace("\x00", "")[:MOST_BYTES]


def readable(fields: QueryDict) -> dict[str, str]:
    return {name: shown(fields.get(name, "")) for name in ("text", "email")}


def take(request: HttpRequest, fields: QueryDict, form: MessageForm, letter: Letter) -> Refusal | None:
    """Store the message, or say why not. The same form sent twice is stored once."""
    now = clock.now()
    if not came_from_here(request):
        return Refusal(403, _("A form can only be sent from its own page. Your text is still here: send it once more."))
    try:
        number = tokens.read(fields.get("token", ""), letter.form, letter.slug, now=now)
    except tokens.Unusable as unusable:
        return Refusal(unusable.status, unusable.words, unusable.keeps)
    if "\x00" in fields.get("text", "") + fields.get("email", ""):
        words = _("The text held a character that can't be kept. It was taken out: read the text, then send it.")
        return Refusal(422, words, keeps_token=True)
    if not form.is_valid():
        return Refusal(422, "", keeps_token=True)
    try:
        if limits.exceeded(request, now=now):
            words = _(
                "More messages came in than we can read. Wait ten minutes, or at busy times an hour, and send it again."
            )
            return Refusal(429, words, keeps_token=True)
        if not fields.get(TRAP):
            _store(number, form.cleaned_data, letter)
    except (limits.Unavailable, OperationalError, InternalError):  # no cache, no database, or a replica of it
        return Refusal(503, _("We can't take messages in at the moment. Try again in a few minutes."), True)
    return None


def came_from_here(request: HttpRequest) -> bool:
    """The browser says that one of our own pages sent it. What says nothing isn't taken."""
    origin = request.headers.get("Origin", "")
    if origin and origin != "null":
        return origin.lower() in (_origin_of(settings.PUBLIC_URL), f"{request.scheme}://{request.get_host()}".lower())
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def _origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _store(number: UUID, values: dict[str, Any], letter: Letter) -> None:
    """Without reading anything back or naming another field: the public site's role in the database may do neither."""
    message = ReaderMessage(
        uuid=number,
        kind=letter.kind,
        text=values["text"],
        email=values["email"],
        slug=letter.slug,
        version=letter.version,
        received_at=clock.now(),
    )
    rows = ReaderMessage._base_manager.get_queryset()
    fields = [ReaderMessage._meta.get_field(name) for name in SENT]
    rows._insert([message], fields, using=rows.db, on_conflict=OnConflict.IGNORE)
