"""Split guides into passages: inside sections, at the largest break that fits, with exact offsets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from qa.corpus.search_text import SENTENCE_TAIL, heading_line, without_syntax
from qa.datatypes import Passage, SectionStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qa.datatypes import Guide, Section

# From the strongest break to the weakest. Footnote marks belong to the sentence before them.
SEPARATORS = (
    r"\n\n+",
    r"\n",
    rf"[。！？]{SENTENCE_TAIL}",
    rf"[.!?]{SENTENCE_TAIL}\s+",
    rf"[；;：]{SENTENCE_TAIL}",
    rf"[，、,]{SENTENCE_TAIL}",
    r"\s+",
    r"",
)


class TokenCounter(Protocol):
    """Whatever knows how many tokens the model reads for a passage, prompt and special tokens included."""

    def count_passage_tokens(self, text: str) -> int:
        """Return the number of tokens for text as a passage."""


def split_guides(guides: Iterable[Guide], counter: TokenCounter, max_tokens: int) -> Iterator[Passage]:
    """Yield the passages of all known sections, in corpus order.

    A passage takes at most max_tokens tokens of the model, its headings, the prompt and special tokens included. Headings that would
    leave less than half of that for the text are cut from the left in what is embedded.
    """
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    overhead = counter.count_passage_tokens("")
    for guide in guides:
        for section in guide.sections:
            if section.status is SectionStatus.UNKNOWN:
                continue
            headings = _fitting_headings(section, counter, max_tokens)
            room = max_tokens - counter.count_passage_tokens(heading_line(headings))
            splitter = RecursiveCharacterTextSplitter(
                separators=list(SEPARATORS),
                is_separator_regex=True,
                keep_separator="end",
                chunk_size=room,
                chunk_overlap=0,
                add_start_index=True,
                # The prompt ends in a token that merges with a Latin word but not with a Han character: counting one more errs on the
                # safe side, and no piece counts nothing, which would make the splitter lose its offsets.
                length_function=lambda text: counter.count_passage_tokens(without_syntax(text)) - overhead + 1,
            )
            body = guide.text[section.body : section.end]
            for number, document in enumerate(splitter.create_documents([body])):
                start = section.body + document.metadata["start_index"]
                yield Passage(
                    passage_id=f"{guide.language}/{section.section_id}/{number}",
                    guide_id=guide.guide_id,
                    section_id=section.section_id,
                    language=guide.language,
                    headings=headings,
                    text=document.page_content,
                    start=start,
                    end=start + len(document.page_content),
                )


def _fitting_headings(section: Section, counter: TokenCounter, max_tokens: int) -> tuple[str, ...]:
    headings = section.headings
    while len(headings) > 1 and counter.count_passage_tokens(heading_line(headings)) > max_tokens // 2:
        headings = headings[1:]
    if counter.count_passage_tokens(heading_line(headings)) > max_tokens // 2:
        return ()
    return headings
