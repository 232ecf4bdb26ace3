"""The number that a reader's form carries: signed, for this form about this page, and good for two hours.

It stands in for the cookie that public pages don't have: whoever sends the form has got it from here first.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

GOOD_FOR = timedelta(hours=2)
LEAST = timedelta(seconds=2)
"""Nobody reads a form and writes ten characters in less."""
LONGEST = 500


class Unusable(Exception):
    """A token that a form can't be taken with, in words. ``keeps``: it is this form's own and may be sent again."""

    def __init__(self, words: str, *, status: int, keeps: bool = False) -> None:
        super().__init__(words)
        self.words, self.status, self.keeps = words, status, keeps


def make(form: str, about: str, *, now: datetime) -> str:
    return _signer(form).sign_object([about, uuid4().hex, now.timestamp()])


def read(token: str, form: str, about: str, *, now: datetime) -> UUID:
    """The form's own number. Raises Unusable."""
    try:
        signed_for, number, made = _signer(form).unsign_object(token[: LONGEST + 1])
        age = now - datetime.fromtimestamp(made, UTC)
    except (BadSignature, ValueError, TypeError):
        raise Unusable(_unknown(), status=403) from None
    if signed_for != about:
        raise Unusable(_unknown(), status=403)
    if age > GOOD_FOR or age < timedelta(0):
        words = _("This form was open for more than two hours. Your text is still here: send it once more.")
        raise Unusable(words, status=422)
    if age < LEAST:
        words = _("That was quicker than we expect of a person. Wait a moment, then send it once more.")
        raise Unusable(words, status=422, keeps=True)
    return UUID(number)


def _unknown() -> str:
    return _("We couldn't tell that this came from our own form. Your text is still here: send it once more.")


def _signer(form: str) -> Signer:
    return Signer(salt=f"articles.reader.{form}")
