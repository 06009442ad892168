"""Our own pages, made from templates; everything that is put into one is escaped, unless it says that it is HTML."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from qa.corpus.characters import displayed
from qa.web.frame import header
from qa.web.languages import browse_path, chat_path, guide_path
from qa.web.markdown import link
from qa.web.static_files import PATH
from qa.web.texts import text

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.datatypes import Language


def render(template: str, language: Language, elsewhere: Callable[[Language], str], **values: Any) -> str:
    """Return a page in language.

    Args:
        template: The name of a file in templates/, without its endings.
        language: The language of the page.
        elsewhere: Returns the address of the same page in a language.
        values: What the template shows.
    """

    def say(key: str, **fields: object) -> str:
        return text(key, language).format(**fields)

    return (
        _templates()
        .get_template(f"{template}.html.jinja")
        .render(
            language=language,
            elsewhere=elsewhere,
            header=Markup(header(language, "browse", elsewhere)),  # noqa: S704  it is HTML, made from our own texts
            say=say,
            **values,
        )
    )


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_displayed,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "browse_path": browse_path,
        "chat_path": chat_path,
        "guide_path": guide_path,
        "outside": _outside,
        "static": PATH,
    }
    return environment


def _displayed(value: object) -> object:
    """Return value without the characters of a guide that deceive the eye; what is HTML was cleared of them."""
    return displayed(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _outside(url: str, label: str) -> Markup:
    return Markup(link(url, label))  # noqa: S704  link escapes both
