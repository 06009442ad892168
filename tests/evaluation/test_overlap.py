from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.evaluation.overlap import Overlap, RareWords, overlap

FILLER = [f"the plan number {number} costs little" for number in range(200)]


def test_a_rare_word_is_in_some_text_but_in_one_of_a_hundred_at_most() -> None:
    rare = RareWords([*FILLER, "sealed envelope", "sealed box", "sealed bag"], names=())

    assert rare.of("the sealed envelope costs a plan and a giraffe") == {"envelope"}


def test_an_operators_name_is_never_rare() -> None:
    assert RareWords([*FILLER, "Povo envelope"], names=["povo"]).of("POVO envelope") == {"envelope"}


def test_han_counts_by_pairs_of_characters_in_either_script() -> None:
    rare = RareWords(["归还门卡", "别的事情"], names=())

    assert rare.of("要歸還嗎") == {"归还"}
    assert rare.of("归 还") == frozenset()


def test_half_and_most_are_counted_apart() -> None:
    rare = dict.fromkeys(("all", "half", "none", "plain"), RareWords([*FILLER, "envelope", "stamp", "giraffe"], ()))
    questions = {"all": "envelope stamp", "half": "envelope giraffe", "none": "giraffe", "plain": "the plan"}
    answering = {question: ["the envelope needs a stamp"] for question in questions}

    assert overlap(questions, answering, rare) == Overlap(questions=4, with_rare_words=3, half=2, most=1)


def test_the_words_have_to_stand_in_one_text() -> None:
    rare = RareWords([*FILLER, "envelope", "stamp", "giraffe"], ())

    found = overlap({"q": "envelope stamp giraffe"}, {"q": ["an envelope", "a stamp", "a giraffe"]}, {"q": rare})
    assert (found.with_rare_words, found.half) == (1, 0)


def test_a_question_that_nothing_answers_shares_nothing() -> None:
    assert overlap({"q": "envelope"}, {"q": []}, {"q": RareWords(["envelope"], ())}) == Overlap(1, 1, 0, 0)


@given(st.lists(st.sampled_from(["envelope", "stamp", "giraffe", "plan", "unseen"]), min_size=1, max_size=5))
def test_a_question_written_from_its_answer_shares_most(words: list[str]) -> None:
    rare = RareWords([*FILLER, "envelope", "stamp", "giraffe"], ())
    text = " ".join(words)

    found = overlap({"q": text}, {"q": [text]}, {"q": rare})
    assert found.most == found.half == found.with_rare_words == int(bool({"envelope", "stamp", "giraffe"} & set(words)))
