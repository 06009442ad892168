"""Files of phrasings below a corpus, for tests."""

from __future__ import annotations

from pathlib import Path

OPERATORS = """\
# What is asked about every operator.
fees:
  zh-Hans:
    - 销户要多少钱
    - 手续费贵吗
  ja: [解約金はいくら]
steps:
  zh-Hant:
    - 怎麼解約
"""
TOPIC = "return:\n  en: [Do I send the card back?]\n"
OUTSIDE = "weather:\n  ja:\n    - 明日の天気は\n"


def write_phrasings(corpus: Path, **files: str) -> None:
    """Write files below corpus/phrasings: operators, outside, and every other name as the guide of a topic ('_' stands for '-')."""
    for name, text in files.items():
        folder = corpus / "phrasings" if name in {"operators", "outside"} else corpus / "phrasings" / "topics"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name.replace('_', '-')}.yaml").write_text(text, encoding="utf-8")
