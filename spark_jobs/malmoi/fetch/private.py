"""Addresses that a list from the network must not lead to: this machine, and the network that it stands in."""

import ipaddress
from typing import Any

from scrapy.resolver import CachingThreadedResolver

_LOCAL_NAMES = ("localhost", ".localhost", ".local", ".internal")


class PrivateAddress(Exception):
    """A name whose address lies within a private network."""


def is_private(host: str) -> bool:
    """Whether a host is written as a private address or a name of this machine."""
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return host == _LOCAL_NAMES[0] or host.endswith(_LOCAL_NAMES[1:])


class PublicResolver(CachingThreadedResolver):
    """Resolves names to public addresses only."""

    def getHostByName(self, name: str, timeout: Any = ()) -> Any:
        return super().getHostByName(name, timeout).addCallback(_public)


def _public(address: str) -> str:
    if is_private(address):
        raise PrivateAddress("a private address")
    return address
