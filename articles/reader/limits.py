"""How many messages are taken in: from one network, and in all. No address is stored, only a hash salted by the day."""

import hashlib
import hmac
import secrets
from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

from editorial.network import network_of

PER_NETWORK, NETWORK_SECONDS = 5, 600
IN_ALL, ALL_SECONDS = 200, 3600
DAY_SECONDS = 24 * 3600


class Unavailable(Exception):
    """Nobody counts at the moment."""


def exceeded(request: HttpRequest, *, now: datetime) -> bool:
    """Count this message; whether it is one too many. Raises Unavailable while the cache is out of reach."""
    try:
        network = _hashed(network_of(request), now)
        return (
            _count(f"reader-form:{network}", NETWORK_SECONDS) > PER_NETWORK
            or _count("reader-form:all", ALL_SECONDS) > IN_ALL
        )
    except (RedisError, OSError):
        raise Unavailable from None


def _hashed(network: str, now: datetime) -> str:
    key = f"reader-salt:{now.date().isoformat()}"
    salt = cache.get_or_set(key, lambda: secrets.token_hex(32), DAY_SECONDS)
    return hmac.new(str(salt).encode(), network.encode(), hashlib.sha256).hexdigest()[:32]


def _count(key: str, seconds: int) -> int:
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out in between
        return 1
