from __future__ import annotations

import hashlib
import itertools
import json
import re
from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest
from evaluation.reports import Page, documents_report, full_report
from playwright.sync_api import Browser, Dialog, Request, expect
from playwright.sync_api import Page as BrowserPage

from evaluation import samples
from qa.datatypes import Outcome
from qa.evaluation.page import Entry, as_page, entries, flat, headline_figures
from qa.evaluation.report import Report
from qa.evaluation.tables import WORST, tables

HOSTILE = (
    "</details></script></style></title></svg><script>alert(1)</script><img src=x onerror=alert(1)>"
    "\" onmouseover=\"alert(1)' onclick='alert(1) javascript:alert(1) {{ 7 * 7 }} {% raw %} --> ]]> &lt;b&gt;"
)
ENTRY = {"q1": 0, "q2": 1, "q3": 2}


def page_of(report: Report) -> Page:
    return Page.read(as_page(report))


def entry_of(report: Report, question_id: str) -> Entry:
    return next(entry for entry in entries(report) if entry.question.question_id == question_id)


def block(report: Report, question_id: str) -> Page:
    """Return what the page holds on a question."""
    blocks = re.findall(r'<details class="question".*?</details>', as_page(report), re.DOTALL)
    return Page.read("<!DOCTYPE html>" + blocks[ENTRY[question_id]])


def words(page: Page) -> str:
    return " ".join(page.text.split())


def test_a_page_refers_to_nothing_outside_itself() -> None:
    html = as_page(full_report())
    page = Page.read(html)
    ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    referring = [attributes[name] for _, attributes in page.tags for name in ("src", "href", "action") if name in attributes]
    assert referring
    assert {each.removeprefix("#") for each in referring} <= ids
    assert "://" not in html
    assert "@import" not in html
    assert re.findall(r"url\((?!#)", html) == []


def test_every_pattern_that_a_style_names_is_on_the_page() -> None:
    html = as_page(full_report())
    page = Page.read(html)
    assert {each["id"] for each in page.attributes_of("pattern")} == set(re.findall(r"url\(#(\w+)\)", html))


def test_the_policy_allows_the_pages_own_script_and_style_and_nothing_else() -> None:
    html = as_page(full_report())
    policy = next(each for each in Page.read(html).attributes_of("meta") if "http-equiv" in each)["content"]
    directives = dict(each.strip().split(" ", 1) for each in policy.split(";"))
    for tag in ("script", "style"):
        (content,) = re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert directives.pop(f"{tag}-src") == f"'sha256-{digest}'"
    assert set(directives.values()) == {"'none'"}
    assert "default-src" in directives


def test_every_tag_is_closed_and_every_id_stands_once() -> None:
    page = page_of(full_report())
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert (page.open_tags, page.strays) == ([], [])
    assert len(ids) == len(set(ids))


def test_a_page_says_its_language_and_its_headings_skip_no_level() -> None:
    page = page_of(full_report())
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]
    assert page.attributes_of("html") == [{"lang": "en"}]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_every_heading_of_a_table_says_what_it_heads() -> None:
    page = page_of(full_report())
    assert {each.get("scope") for each in page.attributes_of("th")} == {"col", "row"}


def test_whatever_comes_from_outside_is_shown_and_adds_no_element_and_no_attribute() -> None:
    harmless, hostile = page_of(full_report("x")), page_of(full_report(HOSTILE))

    def skeleton(page: Page) -> list[tuple[str, list[str]]]:
        return [(tag, list(attributes)) for tag, attributes in page.tags]

    assert skeleton(hostile) == skeleton(harmless)
    assert (hostile.open_tags, hostile.strays) == ([], [])
    # What a picture shortens is in its caption, in a table or with the question too.
    for name in (
        "sample",
        "q1",
        "first question",
        "good",
        "other",
        "dense",
        "gate.toml",
        "earlier",
        "note",
        "words that answer",
    ):
        assert f"{name}{HOSTILE}" in hostile.text


def test_the_same_report_gives_the_same_page() -> None:
    assert as_page(full_report()) == as_page(full_report())


def test_headline_figures_are_the_mean_of_each_run_and_the_shares_of_the_answers() -> None:
    figures = {figure.name: figure.value for figure in headline_figures(full_report())}
    assert figures == {
        "dense": f"{(1 / 1 + 1 / 2) / 2:.3f}",
        "hybrid": f"{(1 / 1 + 0) / 2:.3f}",
        "answered": f"{100 * 1 / 2:.1f}\u00a0%",
        "false answers": f"{100 * 1 / 1:.1f}\u00a0%",
        "quote holds evidence": f"{100 * 1 / 1:.1f}\u00a0%",
        "citations exact": f"{100 * 1 / 2:.1f}\u00a0%",
    }


def test_headline_figures_of_runs_name_the_measure_and_the_interval() -> None:
    report = documents_report(1, 1, 1)
    assert [figure.note for figure in headline_figures(report)] == ["RR@10, 95\u00a0%: 1.000–1.000"]


def test_headline_figures_stand_on_the_page() -> None:
    page = words(page_of(full_report()))
    assert f"dense {(1 + 1 / 2) / 2:.3f} RR(rel=2)@10" in page
    assert "false answers 100.0 % of 1 unanswerable questions" in page


@pytest.mark.parametrize(("met", "said", "style"), [(True, "✓ Gate met", "good"), (False, "✗ Gate not met", "bad")])
def test_the_verdict_of_a_gate_is_said_in_words_and_a_sign(met: bool, said: str, style: str) -> None:
    page = page_of(full_report(gate_met=met))
    assert said in page.text
    assert [each["class"] for each in page.attributes_of("p") if "verdict" in each.get("class", "")] == [f"verdict {style}"]


def test_without_a_gate_there_is_no_verdict() -> None:
    assert 'class="verdict' not in as_page(replace(full_report(), gate=None))


def test_every_table_stands_on_the_page_with_all_its_cells() -> None:
    report = full_report()
    page = words(page_of(report))
    for table in tables(report, details=True):
        assert f"{table.title} {' '.join(table.header).strip()}" in page
        for row in table.rows:
            assert " ".join(" ".join(row).split()) in page


def test_the_worst_cell_is_marked_before_its_figure_so_that_figures_align() -> None:
    questions = [samples.question(f"q{number}") for number in range(10)]
    names = {"first": [f"q{number}" for number in range(5)], "last": [f"q{number}" for number in range(5, 10)]}
    rankings = {each: samples.ranking("d") if each in names["last"] else [] for each in map("q{}".format, range(10))}
    dataset = samples.dataset(questions, {each.question_id: {"d": 1} for each in questions})
    html = as_page(samples.report(dataset, {"dense": rankings}, cells={"operator": names}))
    assert '<td><span class="worst bad">worst</span>0.000</td>' in html
    assert WORST not in html


def test_an_entry_tells_the_rank_of_the_first_answer_in_each_run() -> None:
    report = full_report()
    assert [run.first for run in entry_of(report, "q1").runs] == [1, 1]
    assert [run.first for run in entry_of(report, "q2").runs] == [2, None]
    assert "dense 2 hybrid none" in words(block(report, "q2"))


def test_a_question_is_answered_first_only_where_every_run_ranks_an_answer_first() -> None:
    report = full_report()
    assert [entry_of(report, each).is_first for each in ENTRY] == [True, False, True]
    assert not entry_of(documents_report(2), "q0").is_first


def test_an_entry_tells_what_the_judges_said_of_each_ranked_section() -> None:
    report = full_report()
    dense = entry_of(report, "q1").runs[0]
    assert [(hit.rank, hit.judged, hit.grade) for hit in dense.top] == [
        (1, "good", "answers"),
        (2, "helping", "helps"),
        (3, "other", "unjudged"),
    ]
    assert [hit.grade for hit in entry_of(report, "q2").runs[0].top] == ["no", "answers"]
    assert "1 ✓ answers good 1.0000" in words(block(report, "q1"))


def test_grade_1_answers_where_nothing_is_graded_higher() -> None:
    assert entry_of(documents_report(2), "q0").judged == (("answer", "answers"),)


def test_an_entry_lists_what_is_judged_best_first() -> None:
    assert entry_of(full_report(), "q1").judged == (("good", "answers"), ("helping", "helps"))
    assert entry_of(full_report(), "q2").judged == (("good", "answers"), ("other", "no"))


def test_an_entry_shows_labels_evidence_and_what_the_assistant_made_of_the_question() -> None:
    text = words(block(full_report(), "q1"))
    for said in (
        "split dev operator povo topic fees answerable yes note note",
        "good words that answer",
        "outcome answered confidence 0.900 first citation answers yes a quote holds words that answer yes quotes exact yes",
        "good quote of good",
    ):
        assert said in text


def test_an_entry_shows_the_turns_before_the_question() -> None:
    assert "earlier earlier" in words(block(full_report(), "q2"))
    assert "earlier" not in words(block(full_report(), "q1"))


def test_an_unanswerable_question_has_no_runs_and_says_so() -> None:
    report = full_report()
    assert entry_of(report, "q3").runs == ()
    assert "unanswerable, near miss" in words(block(report, "q3"))
    assert "Nothing is ranked" not in words(block(report, "q3"))


def test_a_run_that_ranks_nothing_says_so() -> None:
    assert "hybrid Nothing is ranked." in words(block(full_report(), "q2"))


@pytest.mark.parametrize(
    ("answerable", "outcome", "right", "said", "style"),
    [
        (True, Outcome.ANSWERED, True, "✓ answered", "good"),
        (True, Outcome.ANSWERED, False, "✓ answered, cited wrongly", "mid"),
        (True, Outcome.RELATED, True, "≈ related", "mid"),
        (True, Outcome.NOT_COVERED, False, "– not covered", "mid"),
        (False, Outcome.ANSWERED, False, "✗ false answer", "bad"),
        (False, Outcome.RELATED, False, "≈ related", "good"),
        (False, Outcome.NOT_COVERED, False, "– not covered", "good"),
    ],
)
def test_the_badge_tells_what_became_of_a_question(
    answerable: bool, outcome: Outcome, right: bool, said: str, style: str
) -> None:
    question = samples.question("q1", answerable=answerable)
    asked = samples.asked("q1", answerable=answerable, outcome=outcome, right=right)
    dataset = samples.dataset([question], {"q1": {"d": 2}} if answerable else {})
    html = as_page(samples.report(dataset, {"dense": {"q1": []}} if answerable else {}, [asked]))
    assert f'<span class="tag {style}">{said}</span>' in html


@pytest.mark.parametrize(("holds", "said"), [(True, "yes"), (False, "no"), (None, "not judged")])
def test_an_entry_tells_evidence_that_is_missed_from_evidence_that_is_not_judged(holds: bool | None, said: str) -> None:
    asked = samples.asked("q1", cited=["d"], holds_evidence=holds)
    dataset = samples.dataset([samples.question("q1")], {"q1": {"d": 2}})
    page = as_page(samples.report(dataset, {"dense": {"q1": []}}, [asked]))
    assert f"<dt>a quote holds words that answer</dt><dd>{said}</dd>" in page


def test_of_sections_the_first_five_are_shown_with_160_characters() -> None:
    dataset = samples.dataset([samples.question("q1")], {"q1": {"d1": 2}})
    report = samples.report(dataset, {"dense": {"q1": samples.ranking(*(f"d{number}" for number in range(1, 8)))}})
    (run,) = entry_of(replace(report, text_of=lambda judged, language: f"{judged}\n" + "a" * 160), "q1").runs
    assert [hit.judged for hit in run.top] == ["d1", "d2", "d3", "d4", "d5"]
    assert run.top[0].text == "d1 " + "a" * (160 - 3) + "…"


def test_a_text_of_just_160_characters_is_shown_whole() -> None:
    dataset = samples.dataset([samples.question("q1")], {"q1": {"d1": 2}})
    report = samples.report(dataset, {"dense": {"q1": samples.ranking("d1")}})
    (run,) = entry_of(replace(report, text_of=lambda judged, language: "a" * 160), "q1").runs
    assert run.top[0].text == "a" * 160


def test_of_documents_the_first_three_are_shown_with_100_characters() -> None:
    report = replace(documents_report(2), text_of=lambda judged, language: "a" * 101)
    (run,) = entry_of(report, "q0").runs
    assert [hit.judged for hit in run.top] == ["d1", "answer", "d2"]
    assert run.top[0].text == "a" * 100 + "…"


def test_of_documents_only_questions_that_a_run_does_not_answer_first_are_shown_and_the_others_counted() -> None:
    report = documents_report(1, 2, 1, 3, 1)
    assert [entry.question.question_id for entry in entries(report)] == ["q1", "q3"]
    said = "Shown are the 2 questions for which RR@10 of some run is below 1; the other 3 are left out."
    assert said in words(page_of(report))


def test_a_question_that_one_run_of_two_answers_first_is_shown() -> None:
    first, second = documents_report(1), documents_report(2)
    report = replace(first, runs=(*first.runs, *second.runs))
    assert [[run.first for run in entry.runs] for entry in entries(report)] == [[1, 2]]


def test_of_sections_all_questions_are_shown_and_none_is_said_to_be_left_out() -> None:
    report = full_report()
    assert len(entries(report)) == len(report.dataset.questions)
    assert "left out" not in page_of(report).text


def test_the_text_is_marked_with_its_own_language() -> None:
    report = replace(full_report(), text_of=lambda judged, language: "解約は無料です。")
    assert {hit.language for hit in entry_of(report, "q2").runs[0].top} == {"ja"}


def test_provenance_is_shown_as_a_table_of_its_leaves() -> None:
    assert flat({"command": "qa eval", "files": {"a": "1", "b": {"c": 2}}}) == [
        ("command", "qa eval"),
        ("files · a", "1"),
        ("files · b · c", "2"),
    ]
    assert "files · questions.jsonl 0000" in words(page_of(full_report()))


def test_pictures_without_data_leave_no_heading_behind() -> None:
    dataset = samples.dataset([samples.question("q1", answerable=False)], {})
    page = page_of(samples.report(dataset, {}, [samples.asked("q1", answerable=False)]))
    assert "Pictures" not in page.text
    assert page.attributes_of("figure") == []


class Opened:
    """A report's page in a browser. strange collects requests for anything but itself, errors, messages and dialogs."""

    def __init__(self, browser: Browser, folder: Path, report: Report, width: int = 1280, *, script: bool = True) -> None:
        file = folder / "report.html"
        file.write_text(as_page(report), encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=script)
        self.page: BrowserPage = context.new_page()
        self.own = file.as_uri()
        self.strange: list[str] = []
        self.page.on("request", self._on_request)
        self.page.on("console", lambda message: self.strange.append(message.text))
        self.page.on("pageerror", lambda error: self.strange.append(str(error)))
        self.page.on("dialog", self._on_dialog)
        self.page.goto(self.own)

    def _on_request(self, request: Request) -> None:
        if request.url != self.own:
            self.strange.append(request.url)

    def _on_dialog(self, dialog: Dialog) -> None:
        self.strange.append(dialog.message)
        dialog.dismiss()

    @property
    def shown(self) -> list[str]:
        """Return the ids of the questions that are seen."""
        ids = self.page.locator(".question:visible > summary > .id")
        return ids.all_text_contents()


@pytest.mark.browser
def test_a_browser_asks_for_nothing_and_runs_nothing_that_comes_from_outside(browser: Browser, tmp_path: Path) -> None:
    opened = Opened(browser, tmp_path, full_report(HOSTILE))
    opened.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    for each in opened.page.locator(".question .id").all():
        each.hover()
    assert opened.strange == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 768, 1280, 1920])
def test_nothing_is_wider_than_the_window(browser: Browser, tmp_path: Path, width: int) -> None:
    opened = Opened(browser, tmp_path, full_report("-" + "long" * 12), width)
    opened.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("words", "SECOND question", ["q2"]),
        ("words", "q3", ["q3"]),
        ("words", "no such words", []),
        ("language", "ja", ["q1"]),
        ("outcome", "answered", ["q1", "q3"]),
        ("outcome", "not_covered", ["q2"]),
        ("kind", "later", ["q2"]),
        ("kind", "false", ["q3"]),
        ("kind", "unanswerable", ["q3"]),
    ],
)
def test_the_filter_leaves_the_questions_that_fit(
    browser: Browser, tmp_path: Path, field: str, value: str, shown: list[str]
) -> None:
    opened = Opened(browser, tmp_path, full_report())
    assert opened.shown == ["q1", "q2", "q3"]
    control = opened.page.locator(f"#filter [name={field}]")
    if field == "words":
        control.fill(value)
    else:
        control.select_option(value)
    expect(opened.page.locator("#filter output")).to_have_text(f"{len(shown)} of 3 shown")
    assert opened.shown == shown
    assert opened.strange == []


@pytest.mark.browser
def test_filters_are_met_together(browser: Browser, tmp_path: Path) -> None:
    opened = Opened(browser, tmp_path, full_report())
    opened.page.locator("#filter [name=outcome]").select_option("answered")
    opened.page.locator("#filter [name=language]").select_option("en")
    assert opened.shown == ["q3"]


@pytest.mark.browser
def test_a_page_that_shows_no_question_has_no_filter_and_no_error(browser: Browser, tmp_path: Path) -> None:
    opened = Opened(browser, tmp_path, documents_report(1))
    expect(opened.page.locator("#filter")).to_have_count(0)
    assert (opened.shown, opened.strange) == ([], [])


@pytest.mark.browser
def test_without_a_script_all_questions_are_there_to_open_and_no_filter_is_shown(browser: Browser, tmp_path: Path) -> None:
    opened = Opened(browser, tmp_path, full_report(), script=False)
    expect(opened.page.locator("#filter")).to_be_hidden()
    assert opened.shown == ["q1", "q2", "q3"]
    inside = opened.page.get_by_text("words that answer", exact=True).first
    expect(inside).to_be_hidden()
    opened.page.locator(".question > summary").first.click()
    expect(inside).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_told_from_what_it_stands_on(browser: Browser, tmp_path: Path, scheme: str) -> None:
    opened = Opened(browser, tmp_path, full_report())
    opened.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    pairs = [("ink", "paper"), ("dim", "paper"), ("dim", "tint"), ("accent", "paper")]
    pairs += [(name, f"{name}-tint") for name in ("good", "mid", "bad")]
    styles = "getComputedStyle(document.documentElement)"
    for ink, ground in pairs:
        colours = [str(opened.page.evaluate(f"{styles}.getPropertyValue({json.dumps('--' + each)})")) for each in (ink, ground)]
        lighter, darker = sorted(map(luminance, colours), reverse=True)
        # WCAG 2.2, 1.4.3: contrast of text, level AA.
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (ink, ground)


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb, after WCAG 2.2."""
    parts = [int(colour.strip()[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
