"""What programs can do: ask, search, list the guides, read a guide. The command line, HTTP and MCP all come here; nothing here writes."""

from __future__ import annotations

import time
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

from qa.answering.assistant import HITS
from qa.answering.reader import for_reader
from qa.datatypes import Language, Mode
from qa.errors import UnknownGuideError
from qa.web.languages import guide_path
from qa.web.programs.results import (
    AskResult,
    CitationResult,
    GuideEntry,
    GuideResult,
    GuidesResult,
    HitResult,
    PlacedSectionResult,
    SearchResult,
    SectionResult,
    SourceResult,
)
from qa.web.turnstile import MOST_INSIDE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qa.answering.assistant import Assistant
    from qa.datatypes import Answer, Citation, Guide, Hit, Section
    from qa.index.generation import Generation
    from qa.web.turnstile import Turnstile

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Tools:
    """The read-only tools over one assistant; everyone who asks or searches goes through the turnstile."""

    def __init__(self, assistant: Assistant, turnstile: Turnstile, *, pages: bool = True) -> None:
        """Take what the tools work with; pages says whether this server has pages that results can name by their paths."""
        self._assistant = assistant
        self._turnstile = turnstile
        self._pages = pages
        self._threads = CapacityLimiter(MOST_INSIDE)

    async def in_line(self, tool: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> _T:
        """Return what tool, one that goes through the turnstile, returns from a thread.

        These threads are counted apart: were they the server's own, a long line would leave none for the pages and files.
        """
        return await to_thread.run_sync(partial(tool, *arguments, **named), limiter=self._threads)

    def ask(self, question: str, language: Language | None = None, earlier: Sequence[str] = ()) -> AskResult:
        """Return the answer to question; QuestionError where it is empty or too long, BusyError where no turn comes.

        Args:
            question: What a person asks.
            language: The language to answer in; the question's where None.
            earlier: The questions of the turns before, oldest first.
        """
        answer, seconds = self._turnstile.take_turn(lambda: _timed(lambda: self._assistant.answer(question, language, earlier)))
        return self._answered(question, answer, seconds)

    def search(
        self,
        query: str,
        k: int = HITS,
        mode: Mode = Mode.HYBRID,
        language: Language | None = None,
        operator: str | None = None,
    ) -> SearchResult:
        """Return the k best passages; QuestionError where query or operator can't be searched, BusyError where no turn comes."""
        hits, generation = self._turnstile.take_turn(
            lambda: self._assistant.search_generation(query, k, mode, language, operator)
        )
        return SearchResult(
            query=query, mode=mode, generation=generation.id, hits=tuple(self._hit(hit, language) for hit in hits)
        )

    def guides(self, language: Language | None = None, *, sections: bool = True) -> GuidesResult:
        """Return every guide once, in corpus order, in the nearest language; zh-Hans where None."""
        reader = language or Language.ZH_HANS
        generation = self._assistant.generation
        guides = (generation.guide(guide_id, reader) for guide_id in _guide_ids(generation))
        entries = tuple(
            GuideEntry(
                **self._head(guide, reader),
                sections=tuple(SectionResult(**_section(each, guide, reader)) for each in guide.sections) if sections else None,
            )
            for guide in guides
            if guide
        )
        return GuidesResult(language=reader, generation=generation.id, guides=entries)

    def guide(self, guide_id: str, language: Language | None = None) -> GuideResult:
        """Return a whole guide in the nearest language; zh-Hans where None. UnknownGuideError where there is no such guide."""
        reader = language or Language.ZH_HANS
        generation = self._assistant.generation
        guide = generation.guide(guide_id, reader)
        if guide is None:
            raise UnknownGuideError(f"No guide is called '{guide_id}'. Mend: one of {', '.join(_guide_ids(generation))}")
        sections = (
            PlacedSectionResult(
                **_section(each, guide, reader),
                start=each.start,
                end=each.end,
                official_url=each.official_url,
                path=self._path(reader, guide.guide_id, each.slug),
            )
            for each in guide.sections
        )
        return GuideResult(
            **self._head(guide, reader),
            generation=generation.id,
            sources=tuple(SourceResult(**asdict(source)) for source in guide.sources),
            sections=tuple(sections),
            text=guide.text,
        )

    def _answered(self, question: str, answer: Answer, seconds: float) -> AskResult:
        return AskResult(
            question=question,
            language=answer.language,
            outcome=answer.outcome,
            text=answer.text,
            confidence=answer.confidence,
            citations=tuple(self._citation(each, answer.language) for each in answer.citations),
            follow_ups=answer.follow_ups,
            asked=answer.asked,
            did_you_mean=answer.did_you_mean,
            generation=answer.generation,
            timings_ms={"answer": round(1000 * seconds, 1)},
        )

    def _citation(self, citation: Citation, reader: Language) -> CitationResult:
        return CitationResult(**asdict(citation), path=self._path(reader, citation.guide_id, _slug(citation.section_id)))

    def _hit(self, hit: Hit, language: Language | None) -> HitResult:
        passage = hit.passage
        return HitResult(
            **asdict(passage),
            score=hit.score,
            parts=asdict(hit.parts),
            path=self._path(language or passage.language, passage.guide_id, _slug(passage.section_id)),
        )

    def _head(self, guide: Guide, reader: Language) -> dict[str, Any]:
        return {
            "guide_id": guide.guide_id,
            "language": guide.language,
            "title": for_reader(guide.title, guide.language, reader),
            "operator": guide.operator,
            "topic": guide.topic,
            "checked": guide.checked,
            "official_url": guide.official_url,
            "path": self._path(reader, guide.guide_id),
        }

    def _path(self, reader: Language, guide_id: str, slug: str = "") -> str | None:
        return guide_path(reader, guide_id, slug) if self._pages else None


def _timed(work: Callable[[], _T]) -> tuple[_T, float]:
    """Return what work returns, and the seconds that it took."""
    started = time.perf_counter()
    return work(), time.perf_counter() - started


def _section(section: Section, guide: Guide, reader: Language) -> dict[str, Any]:
    return {
        "section_id": section.section_id,
        "headings": tuple(for_reader(heading, guide.language, reader) for heading in section.headings),
        "is_known": section.is_known,
    }


def _guide_ids(generation: Generation) -> list[str]:
    return list(dict.fromkeys(guide_id for guide_id, _ in generation.guides))


def _slug(section_id: str) -> str:
    return section_id.partition("#")[2]
