"""The words of the generated comparison, per language."""

from qa.corpus.comparison_wording.en import EN
from qa.corpus.comparison_wording.ja import JA
from qa.corpus.comparison_wording.wording import Column, Wording
from qa.corpus.comparison_wording.zh_hans import ZH_HANS
from qa.datatypes import Language

WORDING = {Language.ZH_HANS: ZH_HANS, Language.JA: JA, Language.EN: EN}

__all__ = ["WORDING", "Column", "Wording"]
