from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from evaluation.samples import question
from evaluation.small_sets import RememberingEmbedder
from small_corpus import small_settings

from qa.corpus.lexicon import NameFinder, Topic
from qa.datatypes import Guide, Language, Mode, Weights
from qa.errors import DatasetError
from qa.evaluation.dataset import Dataset, Question, Unit
from qa.evaluation.pool import HOW_TO_JUDGE, Pool, pool, sheets
from qa.evaluation.run import retrieve_runs
from qa.index.embedder import Embedder
from qa.index.generation import Generation
from qa.retrieval.retriever import Retriever

QUESTIONS = (
    question("fee", "zh-Hans", text="povo 销户费用多少钱", operator="povo"),
    question("storage", "zh-Hans", text="号码保管可以放多久"),
    question("weather", "ja", text="明日の東京の天気は", answerable=False),
)


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Generation:
    """Return an index of the small corpus."""
    return Generation.open_current(small_settings(tmp_path_factory.mktemp("pool"), cache, embedder).index)


@pytest.fixture(scope="module")
def retriever(generation: Generation, embedder: Embedder) -> Retriever:
    return Retriever(generation, RememberingEmbedder(embedder), Weights())


def _in(language: Language, generation: Generation) -> list[Guide]:
    return [guide for guide in generation.guides.values() if guide.language is language]


def _pooled(generation: Generation, retriever: Retriever, depth: int, questions: tuple[Question, ...] = QUESTIONS) -> Pool:
    return pool(questions, retriever, generation, depth, lambda done, total: None, list[str]().append)


def test_the_top_of_every_mode_is_pooled_also_for_what_isnt_answerable(generation: Generation, retriever: Retriever) -> None:
    dataset = Dataset("all", Unit.SECTION, (question("weather", "ja", text=QUESTIONS[2].text),), {}, {})
    runs = retrieve_runs(dataset, retriever, NameFinder(generation.lexicon), tuple(Mode), lambda done, total: None)
    wanted = {section for run in runs for section, _ in run.rankings["weather"][:2]}

    assert len(wanted) > 2
    assert set(_pooled(generation, retriever, 2)["weather"]) == wanted


def test_every_known_section_on_the_operator_is_pooled(generation: Generation, retriever: Retriever) -> None:
    povo = [section for guide in _in(Language.ZH_HANS, generation) for section in guide.sections if section.operator == "povo"]
    found = _pooled(generation, retriever, 1)["fee"]

    assert {section.section_id for section in povo if section.is_known} <= set(found)
    assert not {section.section_id for section in povo if not section.is_known} & set(found)
    assert len(set(found)) == len(found)


def test_every_known_section_on_the_topic_is_pooled_also_where_no_mode_finds_it(
    generation: Generation, retriever: Retriever
) -> None:
    asked = (question("gone", "zh-Hans", text="povo 销户费用多少钱", topic="sim-return"),)
    wanted = {
        section.section_id
        for guide in _in(Language.ZH_HANS, generation)
        for section in guide.sections
        if guide.guide_id == "sim-return" and section.is_known
    }

    assert wanted
    assert wanted <= set(_pooled(generation, retriever, 1, asked)["gone"])
    without = (question("gone", "zh-Hans", text="povo 销户费用多少钱"),)
    assert not wanted <= set(_pooled(generation, retriever, 1, without)["gone"])


def test_guides_that_the_lexicon_names_for_a_topic_are_pooled(generation: Generation, retriever: Retriever) -> None:
    topics = {
        "storage": Topic(sections=("inactivity",), guides=("sim-return#must-return",)),
        "other": Topic(sections=("fees", "inactivity"), guides=("twin-a",)),
        "general": Topic(sections=("inactivity",), guides=("twin-b",), general=True),
    }
    lexicon = generation.lexicon.model_copy(update={"topics": topics})
    asked = (question("gone", "zh-Hans", text="povo 销户费用多少钱", topic="inactivity"),)
    found = {
        name: set(_pooled(replace(generation, lexicon=each), retriever, 1, asked)["gone"])
        for name, each in (("with", lexicon), ("without", lexicon.model_copy(update={"topics": {}})))
    }

    assert found["with"] - found["without"] == {"sim-return#must-return"}


def test_a_deeper_pool_holds_the_shallower(generation: Generation, retriever: Retriever) -> None:
    shallow, deep = (_pooled(generation, retriever, depth) for depth in (1, 5))

    assert all(set(shallow[each]) <= set(deep[each]) for each in shallow)
    assert sum(map(len, deep.values())) > sum(map(len, shallow.values()))


def test_the_order_on_a_sheet_tells_nothing_and_is_always_the_same(generation: Generation) -> None:
    sections = ["povo#fees", "povo#sim", "povo#overview", "linemo#sim", "sim-return#must-return"]

    def on_sheet(name: str, pooled: list[str]) -> list[str]:
        (sheet,) = sheets((question(name, "en"),), {name: pooled}, generation, Language.ZH_HANS, 5)
        return [line.split("\t")[2] for line in sheet.lines.splitlines()]

    assert on_sheet("one", sections) == on_sheet("one", sections[::-1])
    assert sorted(on_sheet("one", sections)) == sorted(sections)
    assert len({tuple(on_sheet(name, sections)) for name in ("one", "two", "three", "four")}) > 1


def test_a_question_that_cant_be_asked_is_named(generation: Generation, retriever: Retriever) -> None:
    said: list[str] = []
    long = question("long", "zh-Hans", text="我想问一下关于解约的事情，" * 140)
    pool((long,), retriever, generation, 2, lambda done, total: None, said.append)

    (line,) = said
    assert line.startswith("long could not be asked in every mode: The question is too long")


def test_a_section_that_one_language_alone_has_is_read_in_that(generation: Generation) -> None:
    (sheet,) = sheets((question("a", "en"),), {"a": ["rakuten-mobile#fees"]}, generation, Language.ZH_HANS, 5)

    assert "1,078円" in sheet.text
    with pytest.raises(DatasetError, match=r"No guide of the index has the section povo#gone. Mend: qa corpus check"):
        sheets((question("a", "en"),), {"a": ["povo#gone"]}, generation, Language.ZH_HANS, 5)


def test_no_more_can_be_pooled_than_runs_hold(generation: Generation, retriever: Retriever) -> None:
    with pytest.raises(ValueError, match="runs hold 20 sections a question"):
        _pooled(generation, retriever, 21)


def test_a_sheet_holds_how_to_judge_the_questions_and_each_section_once(generation: Generation) -> None:
    asked = (
        question("b", "ja", text="いくら", operator="povo", earlier=("povo",)),
        question("a", "en", text="how much", operator="povo"),
    )
    (sheet,) = sheets(asked, {"a": ["povo#fees", "povo#sim"], "b": ["povo#fees"]}, generation, Language.ZH_HANS, 5)

    assert sheet.name == "sheet-01"
    assert HOW_TO_JUDGE in sheet.text
    first, second = [line.split("\t")[2] for line in sheet.lines.splitlines()][:2]
    assert {first, second} == {"povo#fees", "povo#sim"}
    assert sheet.text.index(f"### a (en)\nhow much\nSections: {first}, {second}\n") < sheet.text.index(
        "### b (ja)\nBefore: povo\nいくら\nSections: povo#fees\n"
    )
    assert [sheet.text.count(f"### {section}\n") for section in ("povo#fees", "povo#sim")] == [1, 1]
    assert "[^" not in sheet.text
    assert sheet.lines.splitlines() == [f"a\t0\t{first}\t?", f"a\t0\t{second}\t?", "b\t0\tpovo#fees\t?"]


def test_a_sheet_holds_the_words_of_the_section_in_the_language_asked_for(generation: Generation) -> None:
    asked = (question("a", "zh-Hans", operator="povo"),)
    texts = {
        language: sheets(asked, {"a": ["povo#fees"]}, generation, language, 5)[0].text
        for language in (Language.ZH_HANS, Language.JA)
    }

    assert "0 日元" in texts[Language.ZH_HANS]
    assert "解約" in texts[Language.JA]


def test_questions_on_one_operator_stand_together_and_nothing_to_judge_makes_no_sheet(generation: Generation) -> None:
    asked = tuple(
        question(name, "en", operator=operator)
        for name, operator in (("a", "povo"), ("b", "linemo"), ("c", "povo"), ("d", "linemo"))
    )
    pooled = {"a": ["povo#fees"], "b": ["linemo#sim"], "c": ["povo#fees"], "d": []}
    found = sheets(asked, pooled, generation, Language.ZH_HANS, 2)

    assert [sheet.lines.split("\t")[0] for sheet in found] == ["b", "c"]
    assert sheets(asked, {}, generation, Language.ZH_HANS, 2) == []
