"""What the clock does to one article after the other."""

import logging
from collections.abc import Callable
from datetime import datetime

from articles.models import Article
from editorial.models import User

log = logging.getLogger(__name__)


def done(act: Callable[..., object], article: Article, *, now: datetime) -> object:
    """What the clock's verb gave; nothing when it failed, which is logged and never stops the others."""
    try:
        return act(article, actor=User.system(), now=now)
    except Exception:
        log.exception("the clock couldn't act on article %s", article.pk)
        return None
