"""Guides in several languages say the same: sections, sources, what is compared, and in each section figures and operators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.corpus.figures import figures
from qa.corpus.guides import parse_front_matter
from qa.datatypes import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.corpus.lexicon import NameFinder
    from qa.datatypes import Guide, Section


def language_problems(guides: Sequence[Guide], finder: NameFinder) -> Iterator[Problem]:
    """Yield where a guide differs from the first of the same id: zh-Hans, else ja."""
    first: dict[str, Guide] = {}
    for guide in guides:
        original = first.setdefault(guide.guide_id, guide)
        if original is guide:
            continue
        for ours, theirs in zip(_described(original), _described(guide), strict=True):
            if ours != theirs:
                yield Problem(guide.path, 1, "languages", f"differs from {original.path}: {_difference(ours, theirs)}")
        for section in guide.sections:
            if model := original.section(section.slug):
                yield from _section_problems(original, model, guide, section, finder)


def missing_versions(guides: Sequence[Guide]) -> Iterator[Problem]:
    """Yield the guides that are not written in every language that some guide is written in."""
    languages = {guide.language for guide in guides}
    versions: dict[str, list[Guide]] = {}
    for guide in guides:
        versions.setdefault(guide.guide_id, []).append(guide)
    for first, *others in versions.values():
        for language in languages - {guide.language for guide in (first, *others)}:
            path = first.path.replace(f"/{first.language}/", f"/{language}/")
            yield Problem(first.path, 1, "languages", f"has no version in {language}, as other guides have; write {path}")


def _described(guide: Guide) -> tuple[list[str], list[str], list[str]]:
    """Return what has to be the same in every language: sections with their status, sources, what is compared."""
    front_matter, _ = parse_front_matter(guide.text, guide.path)
    sections = [f"{section.slug} ({section.status})" for section in guide.sections]
    sources = [f"{source.id} {source.url} {source.date}" for source in guide.sources]
    compared = [
        f"{operator} {key}: {cell}"
        for operator, profile in front_matter.profiles.items()
        for key, cell in profile.compared.items()
    ]
    return sections, sources, compared


def _section_problems(original: Guide, model: Section, guide: Guide, section: Section, finder: NameFinder) -> Iterator[Problem]:
    texts = (original.text[model.body : model.end], guide.text[section.body : section.end])
    for what, stated in (("figures", figures), ("operators", finder.operators)):
        ours, theirs = map(stated, texts)
        if ours != theirs:
            changes = (("lacks", sorted(ours - theirs)), ("adds", sorted(theirs - ours)))
            detail = "; ".join(f"{word} {', '.join(names)}" for word, names in changes if names)
            message = f"section '{section.slug}' has other {what} than {original.path}: {detail}"
            yield Problem(guide.path, guide.line(section.start), "languages", message)


def _difference(ours: Sequence[str], theirs: Sequence[str]) -> str:
    return "; ".join(sorted(set(ours) ^ set(theirs))) or "another order"
