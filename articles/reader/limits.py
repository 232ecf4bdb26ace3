"""How many messages are taken in: from one network, and in all. No address is stored, only a hash salted by the day."""

import hashlib
import hmac
import secrets
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

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


def network_of(request: HttpRequest) -> str:
    """Where it came from: an address, of IPv6 the /64 that one household has.

    ``X-Forwarded-For`` counts only as far as our own proxies wrote it: what stands before that, anybody can write.
    """
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    proxies = settings.TRUSTED_PROXIES
    found = hops[-proxies] if 0 < proxies <= len(hops) else request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(found)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
    return str(address)


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
