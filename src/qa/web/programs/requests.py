"""What programs send: the arguments of the tools with their bounds and descriptions, the same over HTTP and MCP."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from qa.answering.assistant import HITS
from qa.datatypes import Language, Mode
from qa.retrieval.query import MAX_CHARACTERS

MOST_HITS = 100
MOST_EARLIER = 20
# Stated, not checked here: the assistant says in its own words what is wrong with a question.
_BOUNDS = {"minLength": 1, "maxLength": MAX_CHARACTERS}

Question = Annotated[
    str,
    Field(
        description="One question in Chinese, Japanese or English, as a person would ask it, with the operator's name.",
        examples=["povo 怎么在线销户？"],
        json_schema_extra=_BOUNDS,
    ),
]
Query = Annotated[
    str, Field(description="What to look for; a question or a few words.", examples=["povo 解約金"], json_schema_extra=_BOUNDS)
]
Earlier = Annotated[
    tuple[str, ...],
    Field(
        description="The questions of the same conversation that came before, oldest first: a question that names no operator keeps theirs.",
        max_length=MOST_EARLIER,
    ),
]
AnswerLanguage = Annotated[Language | None, Field(description="The language to answer in; the question's own where not given.")]
SearchLanguage = Annotated[
    Language | None,
    Field(
        description="Search the guides in this language alone; else every guide in the language of the query or the nearest."
    ),
]
GuideLanguage = Annotated[
    Language | None, Field(description="The language to read in, or the nearest that there is; zh-Hans where not given.")
]
Count = Annotated[int, Field(description="Number of hits.", ge=1, le=MOST_HITS)]
HowScored = Annotated[
    Mode,
    Field(
        description="hybrid is the best; dense goes by meaning alone, lexical by words alone and returns nothing that has none."
    ),
]
OperatorKey = Annotated[
    str | None,
    Field(description="Search what is about this operator alone: its key, like rakuten-mobile.", max_length=100),
]
GuideId = Annotated[str, Field(description="The guide_id, as in the list of guides and in citations.", max_length=100)]


class _Request(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AskRequest(_Request):
    """A question."""

    question: Question
    language: AnswerLanguage = None
    earlier: Earlier = ()


class SearchRequest(_Request):
    """A search."""

    query: Query
    k: Count = HITS
    mode: HowScored = Mode.HYBRID
    language: SearchLanguage = None
    operator: OperatorKey = None


class GuidesRequest(_Request):
    """Which guides to list."""

    language: GuideLanguage = None
    sections: Annotated[bool, Field(description="Whether to list the sections of every guide.")] = True


class GuideRequest(_Request):
    """How to read a guide."""

    language: GuideLanguage = None
