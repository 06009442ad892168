"""Fill the figures into README and docs from the files that `qa eval` and measure.py wrote: `make figures`.

What stands between `<!-- figures: NAME -->` and `<!-- /figures -->` is written anew; the lines that changed are printed. With --check nothing
is written, and the exit code is 1 where something would change.
"""

from __future__ import annotations

import difflib
import json
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import chat_table

from qa.evaluation.table import Table
from qa.evaluation.tables_of_questions import tables_of_questions
from qa.wiring_questions import description

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FILES = (
    "README.md",
    "README.zh-CN.md",
    "docs/chat.md",
    "docs/evaluation.md",
    "docs/decisions/ranking.md",
    "docs/decisions/refusing.md",
    "evaluation/README.md",
)
BLOCK = re.compile(r"(?P<open><!-- figures: (?P<name>[\w ./-]+) -->\n).*?(?P<close><!-- /figures -->)", re.DOTALL)
MODES = ("dense", "lexical", "hybrid")
GUIDES = "guides"
PUBLIC = ("xquad-zh", "xquad-en", "xquad-en-zh", "xquad-zh-en", "cmrc-zh")
UNSEEN = "3, test"  # the questions that were written after lexicon and guides, and never tuned on
ANSWER, RANK = "Success(rel=2)@1", "RR(rel=2)@10"
SIGNIFICANT = 0.05

Report = dict[str, Any]


def main() -> int:
    """Fill every file, print what changed, and return the exit code."""
    check = "--check" in sys.argv[1:]
    changed = 0
    for name in FILES:
        path = ROOT / name
        before = path.read_text(encoding="utf-8")
        after = BLOCK.sub(lambda block: f"{block['open']}{_content(block['name'])}\n{block['close']}", before)
        lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), name, name, lineterm="", n=0))
        print("\n".join(lines), end="\n" if lines else "")
        changed += bool(lines)
        if lines and not check:
            path.write_text(after, encoding="utf-8")
    print(f"{changed} of {len(FILES)} files {'would change' if check else 'changed'}")
    return int(check and changed > 0)


def _content(name: str) -> str:
    """Return what a block called name holds: the name of a table, then what it is of."""
    table, *of = name.split(" ")
    return TABLES[table](*of)


def read(name: str) -> Report:
    """Return the report of that name."""
    return read_json(f"{name}/report")


def read_json(name: str) -> Report:
    """Return what `qa eval --json` printed into the file of that name."""
    report: Report = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    return report


def run_of(report: Report, name: str) -> Report:
    """Return the run of report with that name."""
    return next(run for run in report["runs"] if run["name"] == name)


def markdown(header: list[str], rows: list[list[str]]) -> str:
    """Return a table whose first column is text and whose others are figures."""
    ruler = ["---", *["--:"] * (len(header) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [header, ruler, *rows])


def figure(value: float | None, digits: int = 3) -> str:
    """Return a share as .813 (or 1.000)."""
    return "–" if value is None else f"{value:.{digits}f}".replace("0.", ".", 1) if value < 1 else f"{value:.{digits}f}"


def percent(value: float | None) -> str:
    """Return a share as 95.3 %."""
    return "–" if value is None else f"{100 * value:.1f} %"


def between(run: Report, measure: str, digits: int = 3) -> str:
    """Return a measure of a run with its interval."""
    low, high = run["intervals"][measure]
    return f"{figure(run['measures'][measure], digits)} [{figure(low)}, {figure(high)}]"


def between_cell(cell: Report, measure: str) -> str:
    """Return a measure of a cell with its interval."""
    low, high = cell["intervals"][measure]
    return f"{figure(cell[measure])} [{figure(low)}, {figure(high)}]"


def written(*names: str) -> str:
    """Return the commands that wrote the files of the figures: `report.json` in the folder behind --output."""
    parts = [f"`{read(name)['provenance']['command']} --output docs/figures/{name}`" for name in names]
    return "\n".join(f"<sub>{part}</sub>  " for part in parts).rstrip()


def cost(language: str) -> str:
    """Return the table of what it costs."""
    measured = json.loads((HERE / "cost.json").read_text(encoding="utf-8"))
    build, asked, server = measured["build"], measured["answering"], measured["server"]
    counts = " · ".join(f"{build['cold'][name]:,}" for name in ("guides", "sections", "passages", "tokens"))
    seconds = [f"{build[name]['seconds']:.0f}" for name in ("cold", "one_line_edited", "nothing_changed")]
    words = COST[language]
    rows = [
        [words[0], counts],
        [words[1], " · ".join(f"{each} {words[2]}" for each in seconds)],
        [words[3], f"{asked['p50_ms']:.0f} {words[4]} · {asked['p95_ms']:.0f} {words[4]}"],
        [words[5], f"{server['resident_mb']} MB"],
    ]
    return f"{markdown([words[6], words[7]], rows)}\n\n<sub>`make figures` → `docs/figures/cost.json`</sub>"


COST = {
    "en": (
        "guides · sections · passages · tokens indexed",
        "index, cold · after editing one line · nothing changed",
        "s",
        "a question in process, p50 · p95 over 50 questions",
        "ms",
        "memory of the running server",
        "what",
        "figure",
    ),
    "zh": (
        "指南 · 小节 · 段落 · 索引的 token",
        "建索引：从零 · 改一行后 · 没有变化",
        "秒",
        "进程内回答一个问题，50 个问题的 p50 · p95",
        "毫秒",
        "运行中的服务器占用内存",
        "项目",
        "数字",
    ),
}


def quality(language: str) -> str:
    """Return what the two splits of the guides' questions say of ranking, answers and refusals."""
    report = read(GUIDES)
    words = QUALITY[language]
    cells = (("by_split", "dev"), ("by_split", "test"), ("by_round", UNSEEN))
    counts = [run_of(report, "hybrid")[kind][name]["questions"] for kind, name in cells]
    header = [
        words[0],
        *(f"{name} ({count} {words[1]})" for name, count in zip(("dev", "test", words[-1]), counts, strict=True)),
    ]
    rows = [
        [
            words[2 + number],
            *(" · ".join(figure(run_of(report, mode)[kind][name][each]) for each in (ANSWER, RANK)) for kind, name in cells),
        ]
        for number, mode in enumerate(("hybrid", "dense", "lexical"))
    ]
    shares = [("answers", "answered"), ("answers", "right"), ("answers", "holds_evidence"), ("refusal", "false_answers")]
    for number, (part, share) in enumerate(shares):
        rows.append([words[5 + number], *(percent(report[part][kind][name][share]) for kind, name in cells)])
    return f"{markdown(header, rows)}\n\n{written(GUIDES)}"


QUALITY = {
    "en": (
        "by section",
        "questions",
        "`Success(rel=2)@1` · `RR(rel=2)@10`, hybrid",
        "dense alone",
        "lexical alone",
        "answerable questions that are answered",
        "… of these, the first citation is of a section that answers",
        "… of these with judged words, a quote holds them",
        "unanswerable questions that are answered",
        "test, written last",
    ),
    "zh": (
        "按小节判断",
        "题",
        "`Success(rel=2)@1` · `RR(rel=2)@10`，混合",
        "只用向量",
        "只用词",
        "可答的问题得到回答",
        "……其中第一条引用来自有答案的小节",
        "……其中标过原话的，引文里有那句原话",
        "不可答的问题被回答",
        "test 中最后写的",
    ),
}


def public(language: str) -> str:
    """Return RR@10 of each public set and mode, and the gain over the best single mode."""
    words = {"en": ("RR@10", "gain over the better single mode, 95 %"), "zh": ("RR@10", "比较好的单一方式提高，95 % 区间")}[
        language
    ]
    rows = []
    for name in PUBLIC:
        report = read(name)
        values = [between(run_of(report, mode), "RR@10", 4) for mode in MODES]
        best = max(("dense", "lexical"), key=lambda mode: run_of(report, mode)["measures"]["RR@10"])
        gain = difference(report, best, "hybrid", "RR@10")
        rows.append([name, *values, f"{gain['difference']:+.4f} [{gain['low']:+.3f}, {gain['high']:+.3f}]"])
    return f"{markdown([words[0], *MODES, words[1]], rows)}\n\n{written(*PUBLIC)}"


def difference(report: Report, old: str, new: str, measure: str) -> Report:
    """Return the difference of two runs in a measure."""
    comparison = next(each for each in report["comparisons"] if (each["old"], each["new"]) == (old, new))
    return next(each for each in comparison["differences"] if each["measure"] == measure)


def every(name: str) -> str:
    """Return every measure of a dataset in every mode with its interval."""
    report = read(name)
    runs = report["runs"]
    rows = [[measure, *(between(run, measure, 4) for run in runs)] for measure in runs[0]["measures"]]
    return f"{markdown(['measure', *(run['name'] for run in runs)], rows)}\n\n{written(name)}"


def against(name: str, old: str, new: str) -> str:
    """Return the comparison of two runs in every measure."""
    report = read(name)
    comparison = next(each for each in report["comparisons"] if (each["old"], each["new"]) == (old, new))
    rows = [
        [
            each["measure"],
            f"{each['difference']:+.4f} [{each['low']:+.3f}, {each['high']:+.3f}]",
            f"{each['p_holm']:.4f}",
            f"{each['wins']}/{each['losses']}/{each['ties']}",
            figure(each["smallest"]),
        ]
        for each in comparison["differences"]
    ]
    return markdown([f"{old} → {new}", "difference, 95 %", "p (Holm)", "won/lost/tied", "smallest that shows"], rows)


def languages(kind: str) -> str:
    """Return answers and refusals by language or split, with all."""
    report = read(GUIDES)
    header = [kind, "answerable", ANSWER, RANK, "answered", "cited rightly", "quote holds evidence", "citations exact"]
    header += ["unanswerable", "false answers", "area", "error at 90 %", "calibration error"]
    hybrid = run_of(report, "hybrid")
    rows = []
    for name in ["all", *report["answers"][f"by_{kind}"]]:
        ranked = hybrid["measures"] if name == "all" else hybrid[f"by_{kind}"][name]
        answers, refusal = (
            report[part] if name == "all" else report[part][f"by_{kind}"][name] for part in ("answers", "refusal")
        )
        row = [name, str(answers["questions"]), figure(ranked[ANSWER]), figure(ranked[RANK])]
        row += [figure(answers[each]) for each in ("answered", "right", "holds_evidence", "exact")]
        row += [
            str(refusal["unanswerable"]),
            *(figure(refusal[each]) for each in ("false_answers", "area", "error_at_90", "calibration_error")),
        ]
        rows.append(row)
    return f"{markdown(header, rows)}\n\n{written(GUIDES)}"


def seconds() -> str:
    """Return how long each evaluation took, and the share of it spent in the model."""
    rows = []
    for name in (GUIDES, *PUBLIC):
        report = read(name)
        spent, latency = report["seconds"], {run["name"]: run["latency_ms"] for run in report["runs"]}
        row = [name, str(run_of(report, "hybrid")["questions"]), f"{report['provenance']['passages']:,}"]
        row += [f"{spent['index']:.0f}" if spent["index_model"] else "built before"]
        row += [f"{spent['questions']:.0f}", f"{spent['model_share']:.0%}"]
        rows.append([*row, *(f"{latency[mode]['p50']:.1f} · {latency[mode]['p95']:.1f}" for mode in MODES)])
    header = [
        "set",
        "questions",
        "passages",
        "index, s",
        "questions in three modes, s",
        "in the model",
        *(f"{mode}, ms" for mode in MODES),
    ]
    return f"{markdown(header, rows)}\n\n{written(GUIDES, *PUBLIC)}"


def ablation(*names: str) -> str:
    """Return what is lost without each part of the ranking, on each of the datasets in names."""
    reports = {name: read_json(f"ablation/{name}") for name in names}
    whole = next(iter(reports.values()))["runs"][0]["name"]
    rows = []
    for run in next(iter(reports.values()))["runs"]:
        row = [run["name"].partition("/")[0].replace("all", "all parts").replace("no-", "without ").replace("-", " ")]
        for report in reports.values():
            measure = headline(report)
            if run["name"] == whole:
                row.append(between(run_of(report, whole), measure, 4 if measure == "RR@10" else 3))
            else:
                found = difference(report, whole, run["name"], measure)
                mark = " *" if found["p_holm"] < SIGNIFICANT else ""
                row.append(f"{found['difference']:+.4f} [{found['low']:+.3f}, {found['high']:+.3f}]{mark}")
        rows.append(row)
    header = ["", *(f"{name}, {headline(report)}" for name, report in reports.items())]
    return f"{markdown(header, rows)}\n\n<sub>`make figures BENCH=bench` → `docs/figures/ablation/`</sub>"


def headline(report: Report) -> str:
    """Return the measure that rankings of a dataset are compared in first."""
    return RANK if RANK in report["runs"][0]["measures"] else "RR@10"


def left_out() -> str:
    """Return how questions fare in a language that no guide is written in, beside how they do with all guides."""
    without = json.loads((HERE / "left-out.json").read_text(encoding="utf-8"))
    usual = run_of(read(GUIDES), "hybrid")["by_language"]
    rows = [
        [
            language,
            str(cell["questions"]),
            *(f"{figure(usual[language][each])} → {figure(cell[each])}" for each in (ANSWER, RANK)),
        ]
        for language, cell in without.items()
    ]
    header = ["asked in", "questions", *(f"{each}: all guides → without its own" for each in (ANSWER, RANK))]
    return f"{markdown(header, rows)}\n\n<sub>`make figures` → `docs/figures/left-out.json`</sub>"


@cache
def described() -> dict[str, Table]:
    """Return what the questions are made of, by name of the table."""
    return {table.title.removeprefix("Questions by ").lower(): table for table in tables_of_questions(description())}


def questions(name: str) -> str:
    """Return one table of what `qa questions describe` prints."""
    table = described()[name]
    return f"{markdown(list(table.header), [list(row) for row in table.rows])}\n\n<sub>`qa questions describe`</sub>"


def overlaps() -> str:
    """Return how far questions repeat the rare words of what answers them: ours by language, and those of public sets of one language."""
    ours = described()["overlap"]
    rows = [[f"ours, {name}", *figures] for name, *figures in ours.rows]
    for name in ("xquad-zh", "xquad-en", "cmrc-zh"):
        found = json.loads((HERE / name / "overlap.json").read_text(encoding="utf-8"))
        shares = [f"{found[part]} ({percent(found[part] / found['with_rare_words'])})" for part in ("half", "most")]
        rows.append([name, str(found["questions"]), str(found["with_rare_words"]), *shares])
    return f"{markdown(list(ours.header), rows)}\n\n<sub>`qa questions describe`; `make figures BENCH=bench` for the public sets</sub>"


def rounds() -> str:
    """Return ranking, answers and refusals by the round in which questions were written, and split."""
    report = read(GUIDES)
    ranked = run_of(report, "hybrid")["by_round"]
    rows = []
    for name, answers in report["answers"]["by_round"].items():
        refusal = report["refusal"]["by_round"][name]
        cell = ranked.get(name)
        row = [name, str(answers["questions"]), *(between_cell(cell, each) if cell else "–" for each in (ANSWER, RANK))]
        rows.append([*row, figure(answers["answered"]), str(refusal["unanswerable"]), figure(refusal["false_answers"])])
    header = ["round, split", "answerable", ANSWER, RANK, "answered", "unanswerable", "false answers"]
    return f"{markdown(header, rows)}\n\n{written(GUIDES)}"


def kinds() -> str:
    """Return ranking and answers by how a question is asked."""
    report = read(GUIDES)
    ranked = run_of(report, "hybrid")["by_kind"]
    rows = []
    for kind, answers in report["answers"]["by_kind"].items():
        row = [kind, str(answers["questions"]), figure(ranked[kind][ANSWER]), figure(ranked[kind][RANK])]
        rows.append([*row, *(figure(answers[each]) for each in ("answered", "right", "holds_evidence"))])
    header = ["asked how", "answerable", ANSWER, RANK, "answered", "cited rightly", "quote holds evidence"]
    return f"{markdown(header, rows)}\n\n{written(GUIDES)}"


def gaps() -> str:
    """Return the share of unanswerable questions that are answered, by why the guides don't answer them."""
    found = {gap: each for gap, each in read(GUIDES)["refusal"]["by_gap"].items() if each["unanswerable"]}
    rows = [[gap, str(each["unanswerable"]), figure(each["false_answers"])] for gap, each in found.items()]
    return f"{markdown(['unanswerable because', 'questions', 'false answers'], rows)}\n\n{written(GUIDES)}"


def modes_by_language() -> str:
    """Return the answer at rank 1 and its reciprocal rank in each language and mode, with intervals."""
    report = read(GUIDES)
    rows = []
    for language, counted in run_of(report, "hybrid")["by_language"].items():
        for measure in (ANSWER, RANK):
            cells = [run_of(report, mode)["by_language"][language] for mode in MODES]
            name = f"{language}, {counted['questions']} questions, {measure}"
            rows.append([name, *(between_cell(cell, measure) for cell in cells)])
    return f"{markdown(['', *MODES], rows)}\n\n{written(GUIDES)}"


def chat(part: str) -> str:
    """Return one table of what `make figures-of-chat` measured."""
    measured = read_json("chat")[part]
    command = f"<sub>`make figures-of-chat` → `docs/figures/chat.json`, {measured['measured']}, {measured['cores']} cores</sub>"
    return f"{markdown(*chat_table.TABLES[part](measured))}\n\n{command}"


TABLES: dict[str, Callable[..., str]] = {
    each.__name__: each
    for each in (
        cost,
        quality,
        public,
        every,
        against,
        languages,
        seconds,
        ablation,
        left_out,
        questions,
        overlaps,
        rounds,
        kinds,
        gaps,
        modes_by_language,
        chat,
    )
}

if __name__ == "__main__":
    sys.exit(main())
