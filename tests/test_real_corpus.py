"""The guides of this project, end to end: from the files to answers."""

from __future__ import annotations

import functools
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from real_questions import EN, JA, NOT_COVERED, ZH_HANS, ZH_HANT
from small_corpus import build

from qa.answering.assistant import Assistant
from qa.answering.follow_ups import questions_about, questions_in
from qa.config import Settings
from qa.corpus.phrasings import read_phrasings, target_of
from qa.datatypes import Answer, Language, Mode, Outcome, Weights
from qa.evaluation.questions import read_project
from qa.index.embedder import Embedder
from qa.index.generation import Generation

Ask = Callable[[str], tuple[Answer, Generation]]

ROOT = Path(__file__).parent.parent
QUESTIONS = [*ZH_HANS, *ZH_HANT, *JA, *EN]

ANSWERED = [
    ("povo 怎么在线销户？", {"povo#online", "povo#steps", "povo#overview"}),
    ("乐天手机销户要钱吗", {"rakuten-mobile#fees"}),
    ("docomo可以网上解约吗", {"docomo#online"}),
    ("au销户当月月租怎么算", {"au#final-bill"}),
    ("iijmio卡要寄回去吗", {"iijmio#sim"}),
    ("mineo 最后一个月是整月收费吗", {"mineo#final-bill"}),
    ("SIM卡丢了怎么停机", {"lost-or-stolen-sim#first-step"}),
    ("最便宜的保号方案", {"keep-number-strategies#cheapest"}),
    ("linemo 怎麼解約", {"linemo#steps"}),
    ("povoの解約方法を教えて", {"povo#steps"}),
    ("povo 解約 SIM返却", {"povo#sim"}),
    ("楽天モバイル 解約金 いくら", {"rakuten-mobile#fees"}),
    ("楽天モバイル 海外から解約できる?", {"rakuten-mobile#abroad"}),
    ("How do I cancel povo from abroad?", {"povo#abroad"}),
    ("does rakuten mobile charge a cancellation fee", {"rakuten-mobile#fees"}),
    ("rakuten mobile esim delete after cancel", {"rakuten-mobile#esim"}),
    ("樂天移動退租要付違約金嗎", {"rakuten-mobile#fees"}),
    ("LINEMO 退租當月的月租按日計算嗎", {"linemo#final-bill"}),
    ("IIJmioの解約金はいくらですか", {"iijmio#fees"}),
    ("日本通信のSIMは返却が必要？", {"nihon-tsushin#sim"}),
    ("全程オンラインで解約できる会社は?", {"comparison#online"}),
    ("Do I have to send back my mineo SIM card?", {"mineo#sim"}),
    ("What happens if I just stop paying?", {"unpaid-bills-and-blacklist#what-happens"}),
]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, cache: Path, embedder: Embedder) -> Settings:
    folder = tmp_path_factory.mktemp("real")
    settings = Settings(corpus=shutil.copytree(ROOT / "corpus", folder / "corpus"), index=folder / "index", cache=cache)
    build(settings, embedder)
    return settings


@pytest.fixture(scope="module")
def assistant(settings: Settings, embedder: Embedder) -> Assistant:
    return Assistant(settings.index, embedder, Weights())


@pytest.fixture(scope="module")
def ask(assistant: Assistant) -> Ask:
    """Return a function that answers each question once, however many tests look at the answer."""
    return functools.cache(assistant.answer_from_generation)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_citation_is_word_for_word_in_the_guides_file(question: str, ask: Ask, settings: Settings) -> None:
    answer, generation = ask(question)

    for citation in answer.citations:
        guide = generation.guides[citation.guide_id, citation.language]
        text = (settings.corpus.parent / guide.path).read_bytes().decode("utf-8")
        assert citation.quote == text[citation.start : citation.end] != ""
        assert guide.text == text
        assert citation.section_id.startswith(f"{citation.guide_id}#")
        assert citation.sources
        assert "[^" not in citation.display + answer.text


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_answer_rests_on_an_operator_that_the_question_does_not_name(question: str, ask: Ask) -> None:
    answer, generation = ask(question)
    cited = {generation.guides[each.guide_id, each.language].operator for each in answer.citations}

    assert not answer.operators or cited <= {None, *answer.operators}


@pytest.mark.parametrize(
    ("questions", "language"),
    [(ZH_HANS, Language.ZH_HANS), (ZH_HANT, Language.ZH_HANT), (JA, Language.JA), (EN, Language.EN)],
)
def test_the_language_of_the_answer_is_that_of_the_question(questions: list[str], language: Language, ask: Ask) -> None:
    assert {question: ask(question)[0].language for question in questions} == dict.fromkeys(questions, language)


@pytest.mark.parametrize(("questions", "language"), [(ZH_HANT, Language.ZH_HANS), (JA, Language.JA), (EN, Language.EN)])
def test_every_language_is_quoted_from_guides_written_for_its_readers(
    questions: list[str], language: Language, ask: Ask
) -> None:
    assert {citation.language for question in questions for citation in ask(question)[0].citations} == {language}


@pytest.mark.parametrize(("question", "sections"), ANSWERED)
def test_a_clear_question_is_answered_from_the_right_section(question: str, sections: set[str], ask: Ask) -> None:
    answer = ask(question)[0]

    assert answer.outcome is Outcome.ANSWERED
    assert answer.citations[0].section_id in sections


@pytest.mark.parametrize("question", ["povo 怎么销户", "povo 怎麼銷戶"])
def test_the_plainest_question_is_answered_with_the_steps(question: str, ask: Ask) -> None:
    assert ask(question)[0].citations[0].section_id == "povo#steps"


@pytest.mark.parametrize(
    ("question", "section", "items"),
    [
        ("销户前要做什么准备", "before-you-cancel#checklist", 12),
        ("离开日本前手机号该按什么顺序办", "leaving-japan#checklist", 6),
    ],
)
def test_a_checklist_is_quoted_whole(question: str, section: str, items: int, ask: Ask) -> None:
    (quote,) = [each.quote for each in ask(question)[0].citations if each.section_id == section]
    assert len(re.findall(r"^\d+\. ", quote, re.MULTILINE)) == items


@pytest.mark.parametrize("question", NOT_COVERED)
def test_what_the_guides_are_not_about_is_not_covered(question: str, ask: Ask) -> None:
    answer = ask(question)[0]

    assert answer.outcome is Outcome.NOT_COVERED
    assert answer.citations == ()


@pytest.mark.parametrize("question", ["こんにちは", "こんばんは"])
def test_a_japanese_greeting_is_not_covered(question: str, ask: Ask) -> None:
    assert ask(question)[0].outcome is Outcome.NOT_COVERED


@pytest.mark.parametrize("question", ["日本租房解约", "银行卡怎么注销"])
def test_another_contract_in_japan_is_not_answered(question: str, ask: Ask) -> None:
    assert ask(question)[0].outcome is not Outcome.ANSWERED


@pytest.mark.parametrize("question", ["DTI SIM 怎么解约", "LINEモバイル解約方法"])
def test_an_operator_without_a_guide_is_said_to_have_none(question: str, ask: Ask) -> None:
    answer, generation = ask(question)

    assert not set(generation.operators) & set(answer.operators)
    assert (answer.outcome, answer.citations) == (Outcome.NOT_COVERED, ())


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize(
    "question", ["povo 怎么在线销户？", "最便宜的保号方案", "楽天モバイル 解約金 いくら", "return the SIM"]
)
def test_a_passage_scores_the_same_for_every_k(mode: Mode, question: str, assistant: Assistant) -> None:
    scores = [{hit.passage.passage_id: hit.score for hit in assistant.search(question, k, mode)} for k in (1, 10, 100)]

    for fewer in scores[:2]:
        assert fewer == {passage: scores[2][passage] for passage in fewer}


def test_every_question_is_judged_by_sections_and_words_that_the_guides_hold(assistant: Assistant) -> None:
    dataset = read_project(ROOT / "evaluation", assistant.generation.guides)
    assert dataset.stale == ()
    assert {question.language for question in dataset.questions} == {language.value for language in Language}
    assert {question.split for question in dataset.questions} == {"dev", "test"}


def test_phrasings_lie_in_the_generation_whole_and_ask_for_every_section(assistant: Assistant, settings: Settings) -> None:
    index = assistant.generation.phrasings
    sections = [section for guide in assistant.generation.guides.values() for section in guide.sections if section.is_known]
    asked = {phrasing.target for phrasing in index.phrasings if not phrasing.outside}

    assert list(index.phrasings) == read_phrasings(settings.corpus)
    assert len(index.tokens.lengths) == len(index.phrasings)
    assert asked <= {target_of(section) for section in sections}
    # A section named like its operator is asked for by the operator's name.
    assert {target_of(section) for section in sections if section.slug != section.operator} <= asked


def test_guides_lie_in_the_generation_whole(assistant: Assistant, settings: Settings) -> None:
    files = {path.relative_to(settings.corpus.parent).as_posix() for path in settings.corpus.glob("*/*/*.md")}

    assert {guide.path for guide in assistant.generation.guides.values()} == files
    for passage in assistant.generation.passages:
        guide = assistant.generation.guides[passage.guide_id, passage.language]
        assert passage.text == guide.text[passage.start : passage.end]
        assert not re.match(r"#{1,6} ", passage.text)


# Asking all takes minutes: of each operator's questions one in six is asked in each language, and of each section's those of a few operators.
@pytest.mark.parametrize("turn", range(4))
def test_what_is_suggested_of_an_operator_is_answered_from_that_section(turn: int, ask: Ask, assistant: Assistant) -> None:
    language = tuple(Language)[turn]
    asked = 0
    missed = []
    for number, operator in enumerate(assistant.generation.operators):
        suggested = list(questions_about(operator, language, assistant.generation).items())
        for slug, question in suggested[(number + 2 * turn) % 6 :: 6]:
            # Some have no character that simplified Chinese hasn't: the page's language tells.
            answer = assistant.answer(question, hint=language) if language is Language.ZH_HANT else ask(question)[0]
            cited = [each.section_id for each in answer.citations]
            asked += 1
            if (answer.language, answer.operators, cited[:1]) != (language, (operator,), [f"{operator}#{slug}"]):
                missed.append(f"{question} → {answer.outcome} {cited}")

    assert asked > 50
    assert missed == []


def test_what_topics_guides_suggest_is_answered_and_nearly_always_from_that_section(ask: Ask, assistant: Assistant) -> None:
    generation = assistant.generation
    suggested = [
        (section, question)
        for (_, language), guide in sorted(generation.guides.items())
        if guide.topic
        for section, question in questions_in(guide, language, generation).items()
    ]
    answers = [(section, ask(question)[0]) for section, question in suggested[::9]]
    cited = [any(each.section_id == section for each in answer.citations) for section, answer in answers]

    assert len(suggested) > 300
    assert all(answer.outcome is not Outcome.NOT_COVERED for _, answer in answers)
    assert sum(cited) >= 0.95 * len(cited)


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("KDDI 怎么解约", ("UQ mobile 怎么解约", "povo 怎么解约")),
        ("KDDIの解約金は？", ("UQモバイルの解約金は？", "povoの解約金は？")),
        ("SoftBank cancellation fee", ("SoftBank prepaid cancellation fee",)),
        ("软银卡要还卡吗", ()),
        ("日本通信怎麼解約", ("b-mobile怎麼解約",)),
        ("日本通信SIMの返却", ()),
        ("LINEモバイルの解約方法", ("LINEMOの解約方法",)),
        ("KDDI 的 povo 怎么解约", ()),
    ],
)
def test_an_ambiguous_name_is_answered_as_before_with_what_else_it_may_mean(
    question: str, meant: tuple[str, ...], ask: Ask
) -> None:
    answer = ask(question)[0]

    assert answer.did_you_mean == meant
    for other in meant:
        further = ask(other)[0]
        assert further.outcome is not Outcome.NOT_COVERED
        assert not set(further.operators) & set(answer.operators)


def test_the_name_of_every_operator_alone_shows_what_is_known_of_it(ask: Ask, assistant: Assistant) -> None:
    for operator in assistant.generation.operators:
        answer = ask(assistant.generation.lexicon.operators[operator].name(Language.ZH_HANS))[0]

        assert answer.outcome is Outcome.RELATED
        assert [each.section_id.partition("#")[2] for each in answer.citations] in (["overview"], [operator])
