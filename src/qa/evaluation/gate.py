"""May this land? Floors for cells, and the largest drop against a stored baseline."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Self

from pydantic import Field, ValidationError, model_validator

from qa.corpus.yaml_text import Closed
from qa.datatypes import Mode
from qa.errors import DatasetError
from qa.evaluation.outcomes import GROUPS, answer_measures
from qa.evaluation.refusal import refusal_measures

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from qa.evaluation.comparison import Scored
    from qa.evaluation.outcomes import Asked
    from qa.evaluation.report import Report

FILE = "gate.toml"
ALL = "all"
_ROUNDING = 1e-9  # 0.8 - 0.7 is more than 0.1 to a computer


class Bound(Closed):
    """What a measure of a cell has to reach (least) or may not pass (most). cell is `all` or kind:name, like `language:ja`."""

    measure: str
    cell: str = ALL
    least: float | None = Field(None, ge=0, le=1)
    most: float | None = Field(None, ge=0, le=1)

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        if (self.least is None) == (self.most is None):
            raise ValueError("name one of 'least' and 'most'")
        return self


class Drop(Closed):
    """By how much a measure of a cell may be worse than in the baseline."""

    measure: str
    cell: str = ALL
    most: float = Field(ge=0, le=1)


class Gate(Closed):
    """The file: the mode that is looked at, the slack that every comparison gets, bounds and drops."""

    mode: Mode = Mode.HYBRID
    tolerance: float = Field(0.0, ge=0, le=0.2)
    baseline: str | None = None
    bound: tuple[Bound, ...] = ()
    drop: tuple[Drop, ...] = ()

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.bound and not self.drop:
            raise ValueError("the gate asks for nothing; write a [[bound]] or a [[drop]]")
        return self


@dataclass(frozen=True)
class Check:
    """One line of the verdict."""

    measure: str
    cell: str
    value: float
    limit: str
    met: bool


@dataclass(frozen=True)
class Verdict:
    """Whether everything is met; its checks in the order of the file."""

    met: bool
    file: str
    checks: tuple[Check, ...]

    @property
    def line(self) -> str:
        """Return the verdict in one line."""
        failed = sum(not check.met for check in self.checks)
        checks = f"{len(self.checks)} check{'' if len(self.checks) == 1 else 's'}"
        return f"Gate met: {checks}" if self.met else f"Gate not met: {failed} of {checks}"


def read_gate(path: Path) -> Gate:
    """Return the gate written in path; DatasetError says what is wrong with it, a baseline included that it needs and that isn't there."""
    try:
        gate = Gate(**tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise DatasetError(f"There is no gate {path}. Mend: write it, or leave --gate out") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path} is not TOML: {error}. Mend that line") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise DatasetError(f"{path}: {place}: {first['msg']}. Mend it as docs/evaluation.md shows") from error
    if gate.drop and not (gate.baseline and (path.parent / gate.baseline).is_file()):
        raise DatasetError(
            f"{path} bounds drops, but there is no baseline. Mend: qa eval --update-baseline, or delete its drops"
        )
    return gate


def judge(
    gate: Gate,
    file: str,
    value: Callable[[str, str], float],
    before: Callable[[str, str], float] | None,
    comparable: Callable[[str, str], float] | None = None,
) -> Verdict:
    """Return the verdict.

    Args:
        gate: What has to be met.
        file: What the verdict names as its source.
        value: Returns a measure of a cell as it is now; DatasetError where there is no such measure or cell.
        before: Returns it as it was in the baseline; None where no drop is bounded.
        comparable: Returns it as it is now over the questions that the baseline has; value where None.
    """
    checks = [_bounded(bound, value(bound.measure, bound.cell), gate.tolerance) for bound in gate.bound]
    if before is not None:
        for drop in gate.drop:
            was, now = before(drop.measure, drop.cell), (comparable or value)(drop.measure, drop.cell)
            worse = was - now if is_better_when_higher(drop.measure) else now - was
            limit = f"at most {drop.most:g} worse than {was:.3f}"
            checks.append(Check(drop.measure, drop.cell, now, limit, worse - gate.tolerance - _ROUNDING <= drop.most))
    return Verdict(all(check.met for check in checks), file, tuple(checks))


def _bounded(bound: Bound, now: float, tolerance: float) -> Check:
    if bound.least is not None:
        return Check(bound.measure, bound.cell, now, f"at least {bound.least:g}", now + tolerance + _ROUNDING >= bound.least)
    most = bound.most if bound.most is not None else 1.0
    return Check(bound.measure, bound.cell, now, f"at most {most:g}", now - tolerance - _ROUNDING <= most)


def value_of(report: Report, run: Scored, asked: Sequence[Asked]) -> Callable[[str, str], float]:
    """Return the function that gives a measure of a cell: of run's ranking, or of the answers and refusals in asked.

    Questions of a cell that run doesn't have take no part.
    """

    def value(measure: str, cell: str) -> float:
        kind, _, name = cell.partition(":")
        if measure in run.values:
            groups = {
                ALL: None,
                **{f"{kind}:{each}": ids for kind, cells in report.cells.items() for each, ids in cells.items()},
            }
            if cell in groups:
                if not run.has(groups[cell]):
                    raise DatasetError(f"No question of '{cell}' is in {run.name}. Mend: qa eval --update-baseline")
                return run.mean(measure, groups[cell])
            raise DatasetError(f"There is no cell '{cell}'. Known: {', '.join(groups)}. Mend the gate")
        of_cell = [each for each in asked if cell == ALL or (kind in GROUPS and getattr(each, kind) == name)]
        found = {**asdict(answer_measures(of_cell)), **asdict(refusal_measures(of_cell))}
        if found.get(measure) is None or not of_cell:
            known = ", ".join([*run.values, *found])
            raise DatasetError(f"The gate's '{measure}' of '{cell}' can't be measured. Measures: {known}. Mend the gate")
        return float(found[measure])

    return value


def is_better_when_higher(measure: str) -> bool:
    """Whether more of measure is better."""
    return measure not in ("false_answers", "area", "error_at_90", "calibration_error")
