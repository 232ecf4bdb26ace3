"""How many messages are taken in: from one network, and in all. No address is stored, only a hash salted by the day."""

from datetime import datetime

from django.http import HttpRequest
from redis.exceptions import RedisError

from editorial import tally

PER_NETWORK, NETWORK_SECONDS = 5, 600
IN_ALL, ALL_SECONDS = 200, 3600


class Unavailable(Exception):
    """Nobody counts at the moment."""


def exceeded(request: HttpRequest, *, now: datetime) -> bool:
    """Count this message; whether it is one too many. Raises Unavailable while the cache is out of reach."""
    try:
        network = tally.network_key(request, now=now)
        return (
            tally.count(f"reader-form:{network}", NETWORK_SECONDS) > PER_NETWORK
            or tally.count("reader-form:all", ALL_SECONDS) > IN_ALL
        )
    except (RedisError, OSError):
        raise Unavailable from None
