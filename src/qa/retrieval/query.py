"""Understand a question: its language, the operators and topics it names, what it leaves to the turns before."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qa.corpus.folding import spans_of, without
from qa.datatypes import Language
from qa.errors import QuestionError
from qa.retrieval.language import detect_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qa.corpus.lexicon import NameFinder

# A guard against pasted documents; the model's own bound is checked in tokens.
MAX_CHARACTERS = 2000
# What may stand beside names in a turn that asks the question before once more, of another operator: what about …, …呢, …は?
_FILLING = re.compile(
    r"那么|那|呢|吗|嗎|啊|怎么样|怎麼樣|如何|的话|的話|的|谢谢|謝謝|换成|換成|要是|如果|也是|也|是|又|咧|家|卡|"
    r"ありがとうございます|ありがとう|それでは|では|じゃあ|じゃ|それなら|だったら|なら|だと|の場合|はどう|どう|ですか|でしょうか|ですと|は|も|の|"
    r"\b(?:what|how|about|and|then|with|for|same|the|if|it|is|or|in|case|of|on|ok|okay|so|instead|my|please|thanks|thank|you|s)\b|[\W_]+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Query:
    """A question understood. operators, topics and elsewhere are keys of the lexicon, in the order of their mention.

    carried says that an earlier turn completes it: with the operators named there, or, where this one names nothing but operators, with what
    was asked there. Questions that are about no single operator (which operators …, can I trust …) carry none. written is the language that
    text is in, language the one to answer in. names are the operators' names in text, however they are written there.
    """

    text: str
    language: Language
    operators: tuple[str, ...]
    topics: tuple[str, ...]
    elsewhere: tuple[str, ...]
    carried: bool = False
    written: Language | None = None
    names: tuple[str, ...] = ()

    def carrying(self, operators: tuple[str, ...], names: Sequence[str]) -> Query:
        """Return the query completed with operators of an earlier turn; names are put before its text."""
        return replace(
            self, text=f"{' '.join(names)} {self.text}", operators=operators, carried=True, names=(*names, *self.names)
        )

    def asking_again(self, before: Query, names: Sequence[str]) -> Query:
        """Return what before asked, asked of this query's operators; names, theirs in before's language, are put before its text."""
        text = f"{' '.join(names)} {_without_names(before)}"
        return replace(self, text=text, topics=before.topics, written=before.written, carried=True, names=tuple(names))


def understand(
    question: str,
    finder: NameFinder,
    earlier: Sequence[str] = (),
    language: Language | None = None,
    hint: Language | None = None,
) -> Query:
    """Return question as a Query; QuestionError where it is empty or too long.

    Args:
        question: What was asked.
        finder: Finds the lexicon's names.
        earlier: The questions of the turns before, oldest first.
        language: The language to answer in; detected where None.
        hint: The language of the page, for questions that could be in several.
    """
    text = _one_line(question)
    if not text:
        raise QuestionError("The question is empty. Mend: ask something, like 'povo 怎么在线销户？'")
    if len(text) > MAX_CHARACTERS:
        raise QuestionError(
            f"The question is {len(text)} characters long; {MAX_CHARACTERS} are the most. Mend: ask for one thing in a few sentences"
        )
    alone = _understand_alone(text, finder, language, hint)
    return _completed(alone, _turns_before(earlier, finder, language, hint), finder)


def carried_operators(earlier: Sequence[str], finder: NameFinder, hint: Language | None = None) -> tuple[str, ...]:
    """Return the operators that a question after those in earlier, oldest first, is about where it names none itself."""
    return _carried_from(_turns_before(earlier, finder, None, hint))


def understand_turns(earlier: Sequence[str], finder: NameFinder, hint: Language | None = None) -> list[Query]:
    """Return the questions in earlier, oldest first, each as it was understood after those before it."""
    turns = list(_turns_before(earlier, finder, None, hint))
    return [_completed(turn, turns[number:], finder) for number, turn in enumerate(turns, 1)][::-1]


def _one_line(typed: str) -> str:
    """Return typed on one line; QuestionError where it holds half a character: what bytes that are no UTF-8 become."""
    try:
        typed.encode()
    except UnicodeEncodeError as error:
        raise QuestionError("The question holds half a character. Mend: send it as UTF-8") from error
    return " ".join(typed.split())


def _turns_before(
    earlier: Sequence[str], finder: NameFinder, language: Language | None, hint: Language | None
) -> Iterator[Query]:
    """Yield the questions of the turns before, each as it is understood alone, the last one first."""
    for question in reversed(earlier):
        yield _understand_alone(_one_line(question)[:MAX_CHARACTERS], finder, language, hint)


def _completed(query: Query, turns: Iterable[Query], finder: NameFinder) -> Query:
    """Return query with what turns, the last one first, leave unsaid in it."""
    if query.operators and not query.elsewhere and is_names_alone(query):
        before = next((turn for turn in turns if not is_names_alone(turn)), None)
        if before is None or before.elsewhere:
            return query
        return query.asking_again(before, finder.names(query.operators, before.written or before.language))
    if query.operators or query.elsewhere or finder.is_of_topics_alone(query.topics):
        return query
    carried = _carried_from(turns)
    return query.carrying(carried, finder.names(carried, query.language)) if carried else query


def _carried_from(turns: Iterable[Query]) -> tuple[str, ...]:
    """Return the operators named last in turns, the last turn first; none where something else was asked about since."""
    for before in turns:
        if before.operators:
            return before.operators
        if before.elsewhere:
            break
    return ()


def _without_names(query: Query) -> str:
    """Return the text of query without operators' names."""
    return " ".join(without(query.text, spans_of(query.names, query.text)).split())


def is_names_alone(query: Query) -> bool:
    """Whether query names operators and says nothing of what it wants to know about them."""
    return not _FILLING.sub("", _without_names(query))


def is_one_name_alone(query: Query) -> bool:
    """Whether all that is known of what is asked is the name of one operator."""
    return len(query.operators) == 1 and not (query.carried or query.elsewhere) and is_names_alone(query)


def _understand_alone(text: str, finder: NameFinder, language: Language | None, hint: Language | None) -> Query:
    mentions = finder.find(text)
    named = {
        kind: tuple(dict.fromkeys(m.key for m in mentions if m.kind == kind)) for kind in ("operator", "topic", "elsewhere")
    }
    written = detect_language(text, tuple(m.text for m in mentions if m.kind != "topic"), hint or language)
    return Query(
        text=text,
        language=language or written,
        operators=named["operator"],
        topics=named["topic"],
        elsewhere=named["elsewhere"],
        written=written,
        names=tuple(mention.text for mention in mentions if mention.kind == "operator"),
    )
