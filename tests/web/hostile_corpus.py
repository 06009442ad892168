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
    "</mark></div></details></article>",
    "&lt;script&gt;look-alike&lt;/script&gt;",
    '<a class="official" href="https://evil.example/">✓ Official page</a>',
    "<style>@import 'https://evil.example/s.css'</style>",
    '<link rel="stylesheet" href="https://evil.example/l.css">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    '<base href="https://evil.example/">',
    '<form action="https://evil.example/"><button>Cancel now</button></form>',
    "<input autofocus onfocus=\"document.title='pwned'\">",
    "<details open ontoggle=\"document.title='pwned'\">",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=\"document.title='pwned'\">",
    "<!-- never closed",
)
# Markdown that would be a link or an image, were the address allowed or images shown.
MARKDOWN_ATTACKS = (
    "[run](javascript:document.title='pwned')",
    "[run](JaVaScRiPt&colon;document.title='pwned')",
    "[run](java\tscript:document.title='pwned')",
    "[data](data:text/html,evil)",
    "[script](vbscript:evil)",
    "[file](file:///etc/passwd)",
    "![picture](https://evil.example/p.png)",
    "![picture][evil]",
    "<javascript:document.title=1>",
    '[quoted](https://evil.example/"onmouseover="document.title=1)',
)
# Links that pass for one to another host: what is read, and the host that a click would lead to ("" where it is no link).
LOOK_ALIKES = (
    ("[https://www.povo.example](https://evil.example/a)", "evil.example"),
    ("[povo.example/cancel](https://evil.example/b)", "evil.example"),
    ("[**povo**.example](https://evil.example/c)", "evil.example"),
    ("[Official page](https://evil.example/d)", "evil.example"),
    ("[ｐｏｖｏ．example](https://evil.example/e)", "evil.example"),
    ("[p\u043ev\u043e.example](https://evil.example/f)", "evil.example"),
    ("[povo](https://p\u043ev\u043e.example/)", "xn--pv-fmcb.example"),
    ("[povo][evil]", "evil.example"),
    ("<https://evil.example/povo.example>", "evil.example"),
    ("[elpmaxe.live\u202e](https://evil.example/g)", "evil.example"),
    ("[povo](https://povo.example@evil.example/)", ""),
    ("[povo](https://povo.example\\@evil.example/)", ""),
    ("[povo](https://povo.example%2f.evil.example/)", ""),
    ("[povo](https:povo.example)", ""),
    ("<https://povo.example@evil.example/>", ""),
)
# Characters that can't be seen or that turn the direction of writing, raw and as entities.
UNSEEN = "\u202egpj\u202c \u2066isolated\u2069 a\u200bb\u200dc\u2060d\ufeffe\u00adf\u061cg\u200fh \U000e0041\U000e007f &#x202e;x&rlm;y&shy;z"
FORGED_MARKERS = "[1] [2] [**1**] `[1]` &#91;1&#93; \\[2\\] [\u200b1]"
FORGED_SEAL = "✓ From the guides"

TITLE = "<img src=x onerror=\"document.title='pwned'\"> po\u200bvo \u202e[1]"
SOURCE_TITLE = "<script>document.title='pwned'</script> https://povo.example/ \u202e[2]"
NAME = '<b onclick="1">povo</b>'
# A name that no guide is about: it is shown where a question is refused.
NAME_OF_NONE = "<i>LINEMO</i> https://evil.example/official \u202e[1]"
OFFICIAL_URL = "https://www.povo.example/'onmouseover='document.title=1'&#34;onmouseover=&#34;document.title=1"
QUESTION = "How do I cancel povo?"
# One for each section, and some that are not covered, misspelt, or that go on.
QUESTIONS = (
    QUESTION,
    "What does it cost to cancel povo?",
    "Must I return the SIM card of povo?",
    "How is the final bill of povo?",
    "How do I cancel LINEMO?",
    "How do I cancel povoo?",
    "What will the weather be tomorrow?",
)

_LEXICON = f"""\
operators:
  povo:
    names: {{en: '{NAME}'}}
    aliases: [povo]
  linemo:
    names: {{en: "{NAME_OF_NONE}"}}
    aliases: [LINEMO]
topics:
  cancel: {{names: {{en: "<i>cancellation</i>"}}, aliases: [cancel], sections: [steps], general: true}}
  fees: {{names: {{en: "<script>fees</script> [1]"}}, aliases: [fee, cost], sections: [fees]}}
  sim: {{names: {{en: "SIM \u202e[1]"}}, aliases: [SIM card], sections: [sim]}}
  final-bill: {{names: {{en: "https://evil.example/bill"}}, aliases: [final bill], sections: [final-bill]}}
"""
_HOSTS = "operators: {povo: [povo.example]}\n"

_FRONT_MATTER = f"""\
---
title: '{TITLE.replace("'", "''")}'
operator: povo
official_url: "{OFFICIAL_URL}"
checked: 2026-11-22
sections: [{{slug: pitfalls, status: unknown}}]
sources:
  - id: s1
    title: "{SOURCE_TITLE}"
    url: "https://evil.example/'onmouseover='document.title=2'&#34;onmouseover=&#34;document.title=2"
    publisher: third-party
  - {{id: s2, title: "povo.example: Official page", url: "https://povo.example@evil.example/", publisher: third-party}}
  - {{id: s3, title: "Official page \u202e", url: "https://p\u043ev\u043e.example/", publisher: third-party}}
---
"""
# Listed as unknown, so that nobody waits for it to be embedded; the guide's page shows it.
_LONG = "A line that is longer than it needs to be. " * 5000  # some 200 kB
_NESTED = "[" * 10_000 + "nested" + "]" * 10_000


def _guide() -> str:
    """Return the guide's text."""
    steps = "\n".join(f"- Step {number}: {attack} cancel povo.[^s1]" for number, attack in enumerate(ATTACKS, 1))
    links = "\n".join(f"  - Or {attack} to cancel povo.[^s2]" for attack in MARKDOWN_ATTACKS)
    rows = "\n".join(f"| {attack.replace('|', '')} | {FORGED_SEAL} |" for attack in ATTACKS)
    look_alikes = "\n".join(f"1. The SIM card of povo: {markdown} has it.[^s3]" for markdown, _ in LOOK_ALIKES)
    return f"""\
{_FRONT_MATTER}## Cancel {ATTACKS[0]} \u202e[1] {{#steps}}

You can cancel povo online {ATTACKS[0]} {ATTACKS[1]} {FORGED_MARKERS} {UNSEEN} at any time.[^s1]

{steps}
{links}

## Fees {{#fees}}

**{FORGED_SEAL}** Cancelling povo is free {ATTACKS[3]} [free](https://evil.example/free) {UNSEEN} {FORGED_MARKERS}.[^s1][^s2][^s3]

| <b>Official page</b> https://evil.example | [povo.example](https://evil.example/table) |
|:--|--:|
{rows}

```html onmouseover=alert(1)
{ATTACKS[0]} {FORGED_MARKERS}
```

    {ATTACKS[1]} {FORGED_MARKERS}

> {ATTACKS[2]} {FORGED_MARKERS} [povo](https://evil.example/quoted)

## SIM card {{#sim}}

{look_alikes}

[evil]: https://evil.example/defined 'povo.example'

## Final bill {{#final-bill}}

The final bill of povo [ends inside a link. It](https://evil.example/bill) is whole.[^s1] {_NESTED} The final bill.[^s1]

## Pitfalls {{#pitfalls}}

{_LONG}
"""


def write_hostile_corpus(corpus: Path) -> Path:
    """Write the guide, the lexicon and the hosts below corpus and return it."""
    path = corpus / "en" / "operators" / "povo.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_guide(), encoding="utf-8")
    (corpus / "lexicon.yaml").write_text(_LEXICON, encoding="utf-8")
    (corpus / "hosts.yaml").write_text(_HOSTS, encoding="utf-8")
    return corpus
