"""From ranked hits to an answer with citations."""
