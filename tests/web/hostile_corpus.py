"""Guides that try to run something, to call another host, and to pass for what they are not."""

from __future__ import annotations

from pathlib import Path

# What each attack would do, were it to run: change the page's title, or ask evil.example for something.
ATTACKS = (
    "<script>document.title='pwned'</script>",
    '<img src="https://evil.example/i.png" onerror="document.title=\'pwned\'">',
    "<svg onload=\"document.title='pwned'\">",
    '<span style="background:url(https://evil.example/s.png)">styled</span>',
    '<iframe src="https://evil.example/frame"></iframe>',
    '<a href="javascript:document.title=1">run</a>',
    "</mark></div></details>",
    "&lt;script&gt;look-alike&lt;/script&gt;",
    "<!-- never closed",
)
# Markdown that would be a link or an image, were the address allowed or images shown.
MARKDOWN_ATTACKS = (
    "[run](javascript:document.title='pwned')",
    "[data](data:text/html,evil)",
    "![picture](https://evil.example/p.png)",
)
FORGED_MARKER = "[1] [2]"

TITLE = "<img src=x onerror=\"document.title='pwned'\"> povo"
SOURCE_TITLE = "<script>document.title='pwned'</script>"
NAME = '<b onclick="1">povo</b>'
QUESTION = "How do I cancel povo?"

_LEXICON = f"""\
operators:
  povo:
    names: {{en: '{NAME}'}}
    aliases: [povo]
topics:
  cancel: {{names: {{en: "<i>cancellation</i>"}}, aliases: [cancel], sections: [steps], general: true}}
  fees: {{names: {{en: "<script>fees</script>"}}, aliases: [fee], sections: [fees]}}
"""

_FRONT_MATTER = f"""\
---
title: '{TITLE.replace("'", "''")}'
operator: povo
official_url: "https://evil.example/'onmouseover='document.title=1'&#34;onmouseover=&#34;document.title=1"
checked: 2026-11-22
sources:
  - id: s1
    title: "{SOURCE_TITLE}"
    url: "https://evil.example/'onmouseover='document.title=2'&#34;onmouseover=&#34;document.title=2"
    publisher: third-party
---
"""


def write_hostile_corpus(corpus: Path) -> Path:
    """Write the guide and the lexicon below corpus and return it."""
    path = corpus / "en" / "operators" / "povo.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    steps = "\n".join(f"- Step {number}: {attack} cancel povo.[^s1]" for number, attack in enumerate(ATTACKS, 1))
    links = "\n".join(f"- Or {attack} to cancel povo.[^s1]" for attack in MARKDOWN_ATTACKS)
    path.write_text(
        f"{_FRONT_MATTER}## Cancel {ATTACKS[0]} {{#steps}}\n\n"
        f"You can cancel povo online {ATTACKS[0]} {ATTACKS[1]} {FORGED_MARKER} at any time.[^s1]\n\n{steps}\n{links}\n\n"
        f"## Fees {{#fees}}\n\nCancelling povo is free {ATTACKS[3]}.[^s1]\n",
        encoding="utf-8",
    )
    (corpus / "lexicon.yaml").write_text(_LEXICON, encoding="utf-8")
    return corpus
