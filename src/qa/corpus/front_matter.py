"""The front matter of a guide: the one place where its keys are named."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from qa.corpus.search_text import SOURCE_ID
from qa.corpus.yaml_text import Closed
from qa.datatypes import Publisher, SectionStatus

_PARTIAL_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def _partial_date(value: object) -> object:
    """Accept YYYY, YYYY-MM and YYYY-MM-DD, quoted or as YAML reads them."""
    if value is None:
        return None
    text = str(value)
    if not (_PARTIAL_DATE.fullmatch(text) and _is_date(text + "-01-01"[len(text) - 4 :])):
        raise ValueError(f"expected a date like '2026', '2026-03' or '2026-03-31', found {text!r}")
    return text


def _is_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _https(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/\\\"<>]+\.[^\s\\\"<>]+", value):
        raise ValueError(f"expected an address that starts with https://, found {value!r}")
    return value


PartialDate = Annotated[str | None, BeforeValidator(_partial_date)]
Address = Annotated[str, AfterValidator(_https)]
Confidence = Literal["high", "medium", "low"]


class SourceEntry(Closed):
    """One entry of `sources`."""

    id: str = Field(pattern=rf"^{SOURCE_ID}$")
    title: str = Field(min_length=1)
    url: Address
    publisher: Publisher
    date: PartialDate = None


class SectionEntry(Closed):
    """One entry of `sections`; sections that are not listed are known."""

    slug: str
    status: SectionStatus


class Compared(Closed):
    """A cell of the comparison; `online: full` is short for `online: {value: full}`."""

    confidence: Confidence | None = None
    date: PartialDate = None
    sources: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: object) -> object:
        return {"value": value} if isinstance(value, str) else value

    @property
    def is_known(self) -> bool:
        """Whether there is a value."""
        return getattr(self, "value", "unknown") != "unknown"


class Online(Compared):
    """Whether a plain cancellation can be completed online."""

    value: Literal["full", "partial", "none", "unknown"]


class Cost(Compared):
    """What cancelling a plain voice line can cost at the least and at the most under today's terms, in yen; null is unknown."""

    min_yen: int | None = Field(None, ge=0)
    max_yen: int | None = Field(None, ge=0)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.max_yen is not None and (self.min_yen is None or self.min_yen > self.max_yen):
            raise ValueError(f"min_yen must be a number up to max_yen ({self.max_yen}), found {self.min_yen}")
        return self

    @property
    def is_known(self) -> bool:
        """Whether the least or the most is known."""
        return self.min_yen is not None or self.max_yen is not None


class LastMonth(Compared):
    """How the last month is billed."""

    value: Literal["prorated", "full", "depends", "unknown"]


class SimCard(Compared):
    """Whether the SIM card has to go back."""

    value: Literal["return required", "not required", "discard allowed", "unknown"]


class Abroad(Compared):
    """Whether the line can be cancelled from outside Japan."""

    value: Literal["possible", "possible-with-conditions", "not-possible", "unknown"]


class Status(Compared):
    """Whether the operator takes new customers."""

    value: Literal["accepting", "closed", "unknown"]


class Profile(Closed):
    """What is compared of an operator, each with its confidence, date and sources, and the operator's own page."""

    official_url: Address | None = None
    online: Online = Online(value="unknown")
    cost: Cost = Cost()
    last_month: LastMonth = LastMonth(value="unknown")
    sim: SimCard = SimCard(value="unknown")
    abroad: Abroad = Abroad(value="unknown")
    status: Status = Status(value="unknown")

    @property
    def compared(self) -> dict[str, Compared]:
        """Return the cells of the comparison by the names of their keys."""
        return {name: cell for name in Profile.model_fields if isinstance(cell := getattr(self, name), Compared)}


class FrontMatter(Profile):
    """Everything that stands between the two `---` lines.

    A topic's guide may stand for several small operators: `operators` holds what is compared of each, and its section of the same name
    is about that operator alone.
    """

    title: str = Field(min_length=1)
    operator: str | None = None
    topic: str | None = None
    operators: dict[str, Profile] = Field(default_factory=dict)
    checked: dt.date
    sections: tuple[SectionEntry, ...] = ()
    sources: tuple[SourceEntry, ...] = ()

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        if (self.operator is None) == (self.topic is None):
            raise ValueError("exactly one of 'operator' and 'topic' is needed")
        if self.operator and self.operators:
            raise ValueError("'operators' is for a topic's guide that several operators share")
        if self.topic and (misplaced := sorted(self.model_fields_set.intersection(self.compared))):
            raise ValueError(
                f"{', '.join(misplaced)}: only operators are compared; a guide that they share has them under 'operators'"
            )
        return self

    @model_validator(mode="after")
    def _unique_sources(self) -> Self:
        ids = [source.id for source in self.sources]
        if repeated := {i for i in ids if ids.count(i) > 1}:
            raise ValueError(f"source ids used twice: {', '.join(sorted(repeated))}")
        return self

    @property
    def profiles(self) -> dict[str, Profile]:
        """Return what is compared, by operator: the guide's own, or that of each operator that shares it."""
        return {self.operator: self} if self.operator else self.operators
