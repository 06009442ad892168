"""Sum up how the guides were read: writes the tables of README.md anew from claims.tsv and aloud.tsv. Run: make reading."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from qa.evaluation.agreement import agreement

FOLDER = Path(__file__).parent
VERDICTS = ("not-supported", "contradicted", "out-of-date")
LANGUAGES = ("zh-Hans", "ja", "en")
QUESTIONS = {"can": "can I", "how": "how", "cost": "what does it cost", "when": "when does it end", "sim": "what about the SIM"}
ANSWERS = ("answered", "partly", "unknown-said", "not", "n/a")
Claim = dict[str, str]  # a row of claims.tsv or aloud.tsv


def main() -> None:
    """Write the tables between the marks of README.md."""
    claims, aloud = _rows("claims.tsv"), _rows("aloud.tsv")
    tables = {"sums": _sums(claims), "agreement": _agreement(claims), "guides": _guides(claims), "aloud": _aloud(aloud)}
    readme = FOLDER / "README.md"
    text = readme.read_text(encoding="utf-8")
    for name, table in tables.items():
        text, count = re.subn(rf"(<!-- {name} -->\n).*?(<!-- end -->)", rf"\1{table}\2", text, flags=re.DOTALL)
        assert count == 1, f"README.md has no marks for {name}"
    readme.write_text(text, encoding="utf-8")
    print("\n".join(table for name, table in tables.items() if name != "guides"))


def _rows(file: str) -> list[Claim]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def is_unsupported(claim: Claim, reader: str = "") -> bool:
    """Whether the reader (the second, or `again_`: the third) found that claim says what the facts don't."""
    return claim[f"{reader}verdict"] != "supported"


def is_faulty(claim: Claim, reader: str = "") -> bool:
    """Whether the reader found anything to mend in claim: unsupported, or unclear."""
    return is_unsupported(claim, reader) or claim[f"{reader}clarity"] != "clear"


def _sums(claims: Sequence[Claim]) -> str:
    rows = [[language, *_counts([c for c in claims if c["language"] == language])] for language in LANGUAGES]
    rows.append(["**all**", *_counts(claims)])
    faults = Counter(claim["fault"] for claim in claims if is_faulty(claim))
    kinds = [[kind, *(str(_count(claims, _is(kind, language))) for language in LANGUAGES)] for kind, _ in faults.most_common()]
    head = [
        "",
        "Guides",
        "Claims read",
        "Not supported",
        "Contradicted",
        "Out of date",
        "Supported but unclear",
        "With a fault",
    ]
    return _table(head, rows) + "\n" + _table(["Fault", *LANGUAGES], kinds)


def _is(fault: str, language: str) -> Callable[[Claim], bool]:
    return lambda claim: is_faulty(claim) and claim["fault"] == fault and claim["language"] == language


def _counts(claims: Sequence[Claim]) -> list[str]:
    guides = len({(claim["language"], claim["guide"]) for claim in claims})
    by_verdict = Counter(claim["verdict"] for claim in claims)
    unclear = _count(claims, lambda c: (c["verdict"], c["clarity"]) == ("supported", "unclear"))
    return [
        str(number) for number in (guides, len(claims), *(by_verdict[v] for v in VERDICTS), unclear, _count(claims, is_faulty))
    ]


def _count(claims: Iterable[Claim], condition: Callable[[Claim], bool]) -> int:
    return sum(map(condition, claims))


def _agreement(claims: Sequence[Claim]) -> str:
    twice = [claim for claim in claims if claim["again_verdict"]]
    questions = {"Supported, or not": is_unsupported, "Something to mend, or not": is_faulty}
    rows = []
    for question, judge in questions.items():
        pairs = [(judge(claim, ""), judge(claim, "again_")) for claim in twice]
        both, first, second = (pairs.count(pair) for pair in ((True, True), (True, False), (False, True)))
        found = agreement([int(first) for first, _ in pairs], [int(second) for _, second in pairs])
        rows.append(
            [
                question,
                str(len(pairs)),
                f"{found.agreed:.1%}",
                *map(str, (both, first, second)),
                f"{found.kappa:.2f}",
                f"{found.ac1:.2f}",
            ]
        )
    head = [
        "",
        "Claims read twice",
        "Same judgement",
        "Faulty to both",
        "to the first alone",
        "to the second alone",
        "Cohen's κ",
        "Gwet's AC1",
    ]
    return _table(head, rows)


def _guides(claims: Sequence[Claim]) -> str:
    rows = []
    for guide in sorted({claim["guide"] for claim in claims}):
        cells = []
        for language in LANGUAGES:
            read = [claim for claim in claims if claim["guide"] == guide and claim["language"] == language]
            unsupported = _count(read, is_unsupported)
            cells.append(f"{len(read)} / {unsupported} / {_count(read, is_faulty) - unsupported}" if read else "–")
        rows.append([guide, *cells])
    return _table(["Guide", *LANGUAGES], rows)


def _aloud(rows: Sequence[Claim]) -> str:
    counted = Counter((row["question"], row["verdict"]) for row in rows)
    head = ["", "Answered", "Partly", "Unknown, and says so", "Not", "Not asked of this topic"]
    return _table(head, [[asked, *(str(counted[key, answer]) for answer in ANSWERS)] for key, asked in QUESTIONS.items()])


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    main()
