"""The comparison says what the operators' front matter says."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from qa.corpus.comparison import GUIDE_ID, compared_operators, comparison
from qa.datatypes import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.corpus.lexicon import Lexicon
    from qa.datatypes import Guide


def comparison_problems(guides: Sequence[Guide], names: Lexicon) -> Iterator[Problem]:
    """Yield the first line of each comparison that isn't as it would be written from the operators' guides."""
    for guide in guides:
        if guide.guide_id != GUIDE_ID:
            continue
        if not compared_operators(guides):
            yield Problem(guide.path, 1, "comparison", "there is no operator to compare; delete this file")
            continue
        expected = comparison(guides, names, guide.language).split("\n")
        for number, (found, line) in enumerate(zip_longest(guide.text.split("\n"), expected), 1):
            if found != line:
                message = f"differs from the operators' front matter; expected “{line or ''}”. Mend: qa corpus compare"
                yield Problem(guide.path, number, "comparison", message)
                break
