"""Read guides: a Markdown file becomes a Guide with its sections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from pydantic import ValidationError

from qa.corpus.front_matter import FrontMatter
from qa.corpus.yaml_text import YamlError, line_of, load_yaml
from qa.datatypes import GUIDE_LANGUAGES, Guide, Language, Problem, Section, SectionStatus, Source
from qa.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic_core import ErrorDetails

_OPENING = re.compile(r"\A---\n(.*?)^---\n", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"(?P<title>.+?)\s*\{#(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)\}")
_MARKDOWN = MarkdownIt("commonmark").enable("table")


class GuideError(Exception):
    """What keeps one file from being a guide."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = tuple(problems)


def guide_paths(corpus: Path) -> Iterator[tuple[Language, Path]]:
    """Yield the guides' paths below corpus with their language, sorted: zh-Hans, ja, en, then by name."""
    for language in GUIDE_LANGUAGES:
        for path in sorted((corpus / language.value).glob("*/*.md")):
            yield language, path


def read_corpus(corpus: Path) -> tuple[list[Guide], list[Problem]]:
    """Read every guide below corpus; files that can't be used are reported as problems, never left out in silence.

    Raises CorpusError where there is nothing to read.
    """
    if not corpus.is_dir():
        raise CorpusError(f"No corpus: {corpus} is not a folder. Mend: name the guides' folder with QA_CORPUS=…")
    guides: list[Guide] = []
    problems = list(_misplaced(corpus))
    seen: dict[tuple[Language, str], str] = {}
    for language, path in guide_paths(corpus):
        file = path.relative_to(corpus.parent).as_posix()
        first = seen.setdefault((language, path.stem), file)
        if first != file:
            problems.append(Problem(file, 1, "duplicate-id", f"guide id '{path.stem}' is taken by {first}; rename one of them"))
            continue
        try:
            guides.append(read_guide(path, language, file))
        except GuideError as error:
            problems.extend(error.problems)
    if not guides and not problems:
        folders = " or ".join(f"{corpus}/{language}" for language in GUIDE_LANGUAGES)
        raise CorpusError(f"No guides: expected files like operators/povo.md in {folders}. Mend: add one, or QA_CORPUS=…")
    return guides, problems


def _misplaced(corpus: Path) -> Iterator[Problem]:
    known = {path for _, path in guide_paths(corpus)}
    for path in sorted(corpus.glob("*/**/*.md")):
        if path not in known:
            folders = ", ".join(GUIDE_LANGUAGES)
            message = f"lies where no guide is looked for; expected <language>/operators or topics, language one of {folders}"
            yield Problem(path.relative_to(corpus.parent).as_posix(), 1, "misplaced", message)


def read_guide(path: Path, language: Language, file: str) -> Guide:
    """Read the guide at path; GuideError lists what is wrong with it. file is the name that problems give it."""
    text = _decode(path, file)
    front_matter, body = parse_front_matter(text, file)
    sections = _sections(text, body, path.stem, front_matter, file)
    return Guide(
        guide_id=path.stem,
        language=language,
        title=front_matter.title,
        operator=front_matter.operator,
        topic=front_matter.topic,
        checked=front_matter.checked.isoformat(),
        official_url=front_matter.official_url,
        sources=tuple(Source(s.id, s.title, s.url, s.publisher, s.date) for s in front_matter.sources),
        sections=sections,
        text=text,
        path=file,
    )


def _decode(path: Path, file: str) -> str:
    def refuse(line: int, rule: str, message: str) -> GuideError:
        return GuideError([Problem(file, line, rule, message)])

    try:
        data = path.read_bytes()
    except OSError as error:
        raise refuse(1, "unreadable", f"can't be read ({error.strerror}); mend its permissions") from error
    if data.startswith(b"\xef\xbb\xbf"):
        raise refuse(1, "encoding", "starts with a byte order mark; save it as UTF-8 without BOM")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise refuse(line, "encoding", "is not UTF-8; save it as UTF-8") from error
    if "\r" in text:
        raise refuse(text[: text.index("\r")].count("\n") + 1, "line-ends", "has CRLF line ends; save it with LF")
    return text


@lru_cache(maxsize=4096)
def parse_front_matter(text: str, file: str) -> tuple[FrontMatter, int]:
    """Return the front matter of text and the offset at which the body starts; GuideError where it is malformed."""
    opening = _OPENING.match(text)
    if opening is None:
        raise GuideError([Problem(file, 1, "front-matter", "expected YAML between two lines '---' at the very start")])
    try:
        values = load_yaml(opening[1])
    except YamlError as error:
        raise GuideError([Problem(file, error.line + 1, "front-matter", f"the front matter: {error}")]) from error
    if not isinstance(values, dict):
        raise GuideError([Problem(file, 1, "front-matter", "the front matter must be a mapping (key: value)")])
    try:
        return FrontMatter.model_validate(values), opening.end()
    except ValidationError as error:
        raise GuideError([_explain(fault, text, file) for fault in error.errors()]) from error


def front_matter_line(text: str, place: Sequence[str | int]) -> int:
    """Return the line of a guide's text at which its front matter has what place leads to, 1 where it hasn't."""
    opening = _OPENING.match(text)
    return line_of(f"---\n{opening[1]}", place) if opening else 1


def _explain(error: ErrorDetails, text: str, file: str) -> Problem:
    place = error["loc"]
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        known = f"; the known ones are: {', '.join(FrontMatter.model_fields)}" if len(place) == 1 else ""
        message = f"unknown key{known}"
    elif error["type"] == "missing":
        message = "this key is missing"
    named = f"{'.'.join(map(str, place))}: {message}" if place else message
    return Problem(file, front_matter_line(text, place), "front-matter", named)


def _sections(text: str, body: int, guide_id: str, front_matter: FrontMatter, file: str) -> tuple[Section, ...]:
    first_line = text[:body].count("\n")
    line_starts = [0, *(m.end() for m in re.finditer("\n", text)), len(text)]
    found: list[tuple[int, int, int, str, str]] = []  # level, first offset, body's first offset, title, slug
    problems: list[Problem] = []
    tokens = _MARKDOWN.parse(text[body:])
    for token, inline in pairwise(tokens):
        if token.type != "heading_open" or token.map is None or token.level > 0:
            continue
        line = first_line + token.map[0]
        heading = _HEADING.fullmatch(inline.content)
        if heading is None:
            message = f"heading '{inline.content}' has no slug; write it as '## {inline.content} {{#slug}}'"
            problems.append(Problem(file, line + 1, "slug", message))
            continue
        if heading["slug"] in {slug for *_, slug in found}:
            problems.append(Problem(file, line + 1, "slug", f"slug '{heading['slug']}' stands twice in this guide"))
        body_line = min(first_line + token.map[1], len(line_starts) - 1)
        found.append((int(token.tag[1]), line_starts[line], line_starts[body_line], heading["title"], heading["slug"]))
    if not found and not problems:
        problems.append(Problem(file, first_line + 1, "sections", "no section: expected headings like '## 费用 {#fees}'"))
    if found and not problems and text[body : found[0][1]].strip():
        problems.append(Problem(file, first_line + 1, "sections", "text before the first heading belongs to no section"))
    unknown = {entry.slug for entry in front_matter.sections if entry.status is SectionStatus.UNKNOWN}
    missing = {*(entry.slug for entry in front_matter.sections), *front_matter.operators} - {slug for *_, slug in found}
    problems.extend(
        Problem(file, 1, "slug", f"the front matter lists section '{slug}', which the guide doesn't have")
        for slug in sorted(missing)
    )
    if problems:
        raise GuideError(problems)
    sections = []
    parents: list[tuple[int, str, str]] = []
    for number, (level, start, section_body, title, slug) in enumerate(found):
        parents = [parent for parent in parents if parent[0] < level] + [(level, title, slug)]
        operator = next((each for *_, each in parents if each in front_matter.operators), front_matter.operator)
        end = found[number + 1][1] if number + 1 < len(found) else len(text)
        sections.append(
            Section(
                section_id=f"{guide_id}#{slug}",
                slug=slug,
                headings=(front_matter.title, *(heading for _, heading, _ in parents)),
                start=start,
                body=section_body,
                end=end,
                status=SectionStatus.UNKNOWN if slug in unknown else SectionStatus.KNOWN,
                operator=operator,
                official_url=front_matter.operators.get(operator or "", front_matter).official_url,
            )
        )
    return tuple(sections)
