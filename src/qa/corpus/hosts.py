"""Whose pages the guides cite: corpus/hosts.yaml."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from qa.corpus.yaml_text import Closed, parse_model, read_utf8
from qa.datatypes import Publisher

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FILE = "hosts.yaml"


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
    """Return the host that url leads to, without www; what is no address comes back as it is."""
    try:
        return (urlsplit(url).hostname or url).removeprefix("www.")
    except ValueError:  # an unclosed bracket, as of an IPv6 address
        return url


def _is_below(url: str, hosts: Iterable[str]) -> bool:
    host = host_of(url)
    return any(host == each or host.endswith(f".{each}") for each in hosts)


def read_hosts(corpus: Path) -> Hosts:
    """Read corpus/hosts.yaml; CorpusError says what is wrong and where. A corpus without the file has no hosts, which the check reports."""
    file = f"{corpus.name}/{FILE}"
    return parse_model(read_utf8(corpus / FILE, file) or "", file, Hosts)
