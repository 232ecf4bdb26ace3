"""How often something happened lately, for limits. Counted in the cache, where no address is kept as it is."""

import hashlib
import hmac
import secrets
from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest

from editorial.network import network_of

DAY_SECONDS = 24 * 3600


def count(key: str, seconds: int) -> int:
    """Count one more, and say how many it makes since the first of them, for ``seconds`` from then on."""
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out in between
        return 1


def network_key(request: HttpRequest, *, now: datetime) -> str:
    """The same for requests from one network on one day, and of no use to whoever wants to know the network."""
    key = f"network-salt:{now.date().isoformat()}"
    salt = cache.get_or_set(key, lambda: secrets.token_hex(32), DAY_SECONDS)
    return hmac.new(str(salt).encode(), network_of(request).encode(), hashlib.sha256).hexdigest()[:32]
