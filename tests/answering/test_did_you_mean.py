from __future__ import annotations

from dataclasses import replace

import pytest
from small_corpus import LEXICON

from qa.answering.assistant import Assistant
from qa.answering.did_you_mean import MOST_MEANT, did_you_mean
from qa.corpus.lexicon import NameFinder, parse_lexicon
from qa.corpus.near_names import NearNames
from qa.datatypes import Language
from qa.index.generation import Generation
from qa.retrieval.query import MAX_CHARACTERS, understand, understand_turns

AMBIGUOUS = """\
ambiguous:
  - {names: [Sora, そら], means: [povo, linemo, rakuten-mobile, mineo], because: they are brands of one company}
"""
# Both names are povo's; Povoo means nothing else.
NAMED = LEXICON.replace("aliases: [povo2.0", "aliases: [Sora, そら, Povoo, povo2.0") + AMBIGUOUS


@pytest.fixture(scope="module")
def named(generation: Generation) -> Generation:
    """Return the small corpus with a name for several operators."""
    return replace(generation, lexicon=parse_lexicon(NAMED, "lexicon.yaml"))


def meant(question: str, generation: Generation, earlier: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return what is offered beside the answer to question, having checked that each names one other operator."""
    finder = NameFinder(generation.lexicon)
    query = understand(question, finder, earlier)
    turns = understand_turns(earlier, finder)
    found = did_you_mean(query, turns, finder, NearNames(generation.lexicon, ["lemon"]), generation)
    operators = [understand(each, finder).operators for each in found]
    assert all(len(each) == 1 and each != query.operators for each in operators)
    assert len(set(operators)) == len(found) <= MOST_MEANT
    return found


def test_an_ambiguous_name_may_mean_each_other_operator_that_has_a_guide(named: Generation) -> None:
    assert meant("Sora 怎么销户", named) == ("LINEMO 怎么销户", "乐天移动 怎么销户")
    assert meant("そらの解約方法、そらって何", named) == (
        "LINEMOの解約方法、LINEMOって何",
        "楽天モバイルの解約方法、楽天モバイルって何",
    )
    assert meant("How do I cancel SORA?", named) == ("How do I cancel LINEMO?", "How do I cancel Rakuten Mobile?")


def test_an_ambiguous_name_does_not_mean_an_operator_without_facts_on_what_is_asked(named: Generation) -> None:
    assert meant("Sora 可以代办吗", named) == ("乐天移动 可以代办吗",)  # its guide has no section to say that nothing is known


@pytest.mark.parametrize(
    "question", ["povo 怎么销户", "Povoo 怎么销户", "Sora 和 LINEMO 的费用", "Sora 和 povo 的费用", "Sora NHK"]
)
def test_a_name_that_is_told_apart_is_not_ambiguous(question: str, named: Generation) -> None:
    assert meant(question, named) == ()


@pytest.mark.parametrize(
    ("question", "earlier"), [("费用呢", ("Sora 怎么销户",)), ("Sora 费用", ("povo 怎么销户",)), ("Sora 呢", ("linemo 费用",))]
)
def test_in_a_conversation_about_the_operator_a_name_means_it(
    question: str, earlier: tuple[str, ...], named: Generation
) -> None:
    assert meant(question, named, earlier) == ()


def test_a_misspelt_name_may_mean_each_operator_that_it_is_near(named: Generation) -> None:
    assert meant("pvoo 怎么销户", named) == ("povo 怎么销户",)
    assert meant("rakutoon 怎么销户", named) == ("乐天移动 怎么销户",)
    assert meant("ラインマの解約金", named) == ("LINEMOの解約金",)
    assert meant("How do I cancel lineo?", named) == ("How do I cancel LINEMO?",)
    assert meant("How do I cancel lienmo?", named) == ()  # understood as LINEMO already


@pytest.mark.parametrize("question", ["怎么销户", "lemon 怎么销户", "中国移动 pvoo NHK", "pvoo 和 povo 的费用"])
def test_what_is_no_slip_means_nothing_else(question: str, named: Generation) -> None:
    assert meant(question, named) == ()


def test_what_was_meant_is_part_of_the_answer(assistant: Assistant) -> None:
    asked = assistant.answer("pvoo 销户费用多少钱")

    assert asked.did_you_mean == ("povo 销户费用多少钱",)
    assert asked.operators == ()
    assert assistant.answer(asked.did_you_mean[0]).operators == ("povo",)
    assert assistant.answer("povo 怎么销户").did_you_mean == ()


def test_the_name_is_in_the_language_of_the_question(named: Generation) -> None:
    assert "楽天モバイルの返却は必要ですか" in meant("soraの返却は必要ですか", named)
    query = understand("Sora", NameFinder(named.lexicon), language=Language.JA)
    found = did_you_mean(query, [], NameFinder(named.lexicon), NearNames(named.lexicon, []), named)
    assert found == ("LINEMO", "楽天モバイル")


def test_what_would_be_too_long_to_ask_is_not_offered(named: Generation) -> None:
    assert meant("Sora".ljust(MAX_CHARACTERS, "退"), named) == ("乐天移动".ljust(MAX_CHARACTERS, "退"),)
