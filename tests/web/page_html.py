"""HTML as a browser would read it: its tags with their attributes, and the text that is seen."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Self

_VOID = {"br", "hr"}


class PageHTML(HTMLParser):
    """What is in a piece of HTML. open_tags is empty where every tag was closed in its turn."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open_tags: list[str] = []
        self.strays: list[str] = []
        self.text = ""
        self.marked = ""
        self.linked = ""

    @classmethod
    def read(cls, html: str) -> Self:
        """Return what is in html."""
        reader = cls()
        reader.feed(html)
        reader.close()
        return reader

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self.open_tags.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # A browser reads <br /> as <br>, and <p /> as <p>.
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self.open_tags and self.open_tags[-1] == tag:
            self.open_tags.pop()
        else:
            self.strays.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data
        if "a" in self.open_tags:
            self.linked += data
        if "mark" in self.open_tags and "sup" not in self.open_tags:
            self.marked += data

    def handle_comment(self, data: str) -> None:
        self.strays.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.strays.append(f"declaration {decl}")

    def handle_pi(self, data: str) -> None:
        self.strays.append(f"instruction {data}")

    def unknown_decl(self, data: str) -> None:
        self.strays.append(f"declaration {data}")

    def attributes_of(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of every such tag, in order."""
        return [attributes for name, attributes in self.tags if name == tag]
