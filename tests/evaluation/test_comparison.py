"""Two runs on the same questions."""

from __future__ import annotations

from evaluation.samples import ranking, with_values

from qa.evaluation.comparison import MOST_CHANGED, Change, Scored, compare_runs


def test_the_questions_that_changed_most_come_first_whether_better_or_worse() -> None:
    old = with_values("old", {"RR@10": {"a": 0.5, "b": 1.0, "c": 0.0, "d": 0.5, "e": 1.0}})
    new = with_values("new", {"RR@10": {"a": 1.0, "b": 0.0, "c": 0.25, "d": 0.5, "e": 0.5}})
    found = compare_runs(old, new, "RR@10")
    assert [(each.question_id, each.old, each.new) for each in found.changed] == [
        ("b", 1.0, 0.0),
        ("a", 0.5, 1.0),
        ("e", 1.0, 0.5),
        ("c", 0.0, 0.25),
    ]
    assert (found.old, found.new, found.measure) == ("old", "new", "RR@10")


def test_a_change_tells_what_each_run_ranks_first() -> None:
    old = Scored("old", {"a": ranking("x", "y"), "b": []}, {"AP": {"a": 0.5, "b": 0.0, "c": 0.0}})
    passages = {"a": {"y": "passage of y", "x": "passage of x"}, "b": {"z": "passage of z"}}
    new = Scored("new", {"a": ranking("y", "x"), "b": ranking("z")}, {"AP": {"a": 1.0, "b": 0.5, "c": 0.25}}, passages=passages)
    assert compare_runs(old, new, "AP").changed == (
        # A stored run knows no passages: what the new one ranks too is shown by its passage there.
        Change("a", 0.5, 1.0, "x", "y", "passage of x", "passage of y"),
        Change("b", 0.0, 0.5, "", "z", "", "passage of z"),
        Change("c", 0.0, 0.25, "", "", "", ""),
    )


def test_no_more_changes_are_kept_than_a_comparison_shows() -> None:
    count = MOST_CHANGED + 5
    old = with_values("old", {"AP": {f"q{number:02}": 0.0 for number in range(count)}})
    new = with_values("new", {"AP": {f"q{number:02}": (number + 1) / count for number in range(count)}})
    shown = [each.question_id for each in compare_runs(old, new, "AP").changed]
    assert shown == [f"q{number:02}" for number in range(count - 1, count - 1 - MOST_CHANGED, -1)]


def test_every_measure_is_compared_and_the_changes_are_of_the_one_that_is_named() -> None:
    old = with_values("run", {"AP": {"a": 0.5, "b": 0.5}, "R@5": {"a": 0.0, "b": 1.0}})
    new = with_values("run", {"AP": {"a": 0.5, "b": 0.5}, "R@5": {"a": 1.0, "b": 1.0}})
    assert [each.measure for each in compare_runs(old, new, "AP").differences] == ["AP", "R@5"]
    assert compare_runs(old, new, "AP").changed == ()
    assert [each.question_id for each in compare_runs(old, new, "R@5").changed] == ["a"]


def test_questions_that_only_one_run_has_are_neither_compared_nor_shown() -> None:
    old = with_values("run", {"AP": {"gone": 1.0, "a": 0.0, "b": 0.5}})
    new = with_values("run", {"AP": {"added": 1.0, "b": 0.5, "a": 0.5}})
    found = compare_runs(old, new, "AP")
    assert [each.question_id for each in found.changed] == ["a"]
    (difference,) = found.differences
    assert (difference.old, difference.new) == ((0 + 0.5) / 2, (0.5 + 0.5) / 2)
    assert (difference.wins, difference.losses, difference.ties) == (1, 0, 1)


def test_a_mean_is_over_all_questions_or_over_those_that_are_named() -> None:
    run = with_values("run", {"AP": {"a": 1.0, "b": 0.5, "c": 0.0}})
    assert run.mean("AP") == (1 + 0.5 + 0) / 3
    assert run.mean("AP", ["b", "c"]) == (0.5 + 0) / 2
    assert run.mean("AP", []) == 0.0


def test_the_top_is_what_is_ranked_first() -> None:
    run = Scored("new", {"a": ranking("x", "y"), "b": []}, {})
    assert [run.top(each) for each in "abc"] == ["x", "", ""]
