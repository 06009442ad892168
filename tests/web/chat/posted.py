"""What can be posted to the page in place of a conversation."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from qa.web.chat.turns import Turn

JSON: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text()),
    lambda values: st.one_of(st.lists(values, max_size=4), st.dictionaries(st.text(), values, max_size=3)),
)
TURNS = st.builds(
    Turn,
    question=st.text(),
    html=st.text(),
    options=st.lists(st.tuples(st.text(), st.text()), max_size=3).map(tuple),
    is_break=st.booleans(),
)
