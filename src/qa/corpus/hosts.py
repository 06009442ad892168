"""Whose pages the guides cite: corpus/hosts.yaml."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from qa.corpus.characters import INVISIBLE
from qa.corpus.yaml_text import Closed, parse_model, read_utf8
from qa.datatypes import Publisher

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FILE = "hosts.yaml"
# What a browser and urllib read alike: no blanks, controls or backslashes, and two slashes before the host.
_PLAIN = re.compile(r"https?://[^\s\x00-\x1f\x7f\\/?#][^\s\x00-\x1f\x7f\\]*")
# The last part begins with a letter: else browsers take the host for a number, which is an IP address in another form.
_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?")


def _bare(host: str) -> str:
    if not re.fullmatch(r"(?!www\.)[a-z0-9-]+(\.[a-z0-9-]+)+", host):
        raise ValueError(f"expected a host in lower case, without www and https://, like docomo.ne.jp; found {host!r}")
    return host


Host = Annotated[str, AfterValidator(_bare)]


class Hosts(Closed):
    """Hosts by whose they are, in lower case and without www; each stands for itself and for the hosts below it."""

    operators: dict[str, tuple[Host, ...]] = Field(default_factory=dict)
    official: tuple[Host, ...] = ()
    http_only: tuple[Host, ...] = ()

    def publisher(self, url: str, operator: str | None = None) -> Publisher:
        """Return who stands behind the page at url: to the guide of one operator, the pages of the others are a third party's."""
        of_operators = self.operators if operator is None else {operator: self.operators.get(operator, ())}
        if any(_is_below(url, hosts) for hosts in of_operators.values()):
            return Publisher.OPERATOR
        return Publisher.OFFICIAL if _is_below(url, self.official) else Publisher.THIRD_PARTY

    def is_http_only(self, url: str) -> bool:
        """Whether url leads to a host that is not known to answer at https."""
        return _is_below(url, self.http_only)


def host_of(url: str) -> str:
    """Return the host that url leads to, without www and as the network writes it (xn--…); what is no address comes back as it is."""
    try:
        host = urlsplit(url.replace("\\", "/")).hostname or url  # as browsers read it
    except ValueError:  # an unclosed bracket, as of an IPv6 address
        return url
    return (_ascii(host) or host).removeprefix("www.")


def safe_address(url: str) -> tuple[str, str] | None:
    """Return url as a browser may be given it, and where it leads as a reader is shown it (the host; the port where it has one).

    None where url is no plain web address, or where what it says could be taken for another host: `https://docomo.ne.jp@evil.example/`,
    backslashes, characters that can't be seen, escapes in the host, numbers that a browser turns to an IP address.
    """
    if not _PLAIN.fullmatch(url) or INVISIBLE.search(url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    host = _ascii(parts.hostname or "")
    if "@" in parts.netloc or not _NAME.fullmatch(host):
        return None
    where = host if port is None else f"{host}:{port}"
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{where}{rest[len(parts.netloc) :]}", where.removeprefix("www.")


def _ascii(host: str) -> str:
    """Return host as the network writes it, in lower case; '' where it can't be a host."""
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""


def _is_below(url: str, hosts: Iterable[str]) -> bool:
    host = host_of(url)
    return any(host == each or host.endswith(f".{each}") for each in hosts)


def read_hosts(corpus: Path) -> Hosts:
    """Read corpus/hosts.yaml; CorpusError says what is wrong and where. A corpus without the file has no hosts, which the check reports."""
    file = f"{corpus.name}/{FILE}"
    return parse_model(read_utf8(corpus / FILE, file) or "", file, Hosts)
