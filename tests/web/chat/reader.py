"""A reader before the chat page, without a browser."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import gradio as gr
from web.page_html import PageHTML

from qa.answering.assistant import Assistant
from qa.datatypes import Language
from qa.web.chat.page import _Chat, _Waiting
from qa.web.turnstile import Turnstile

FEE, SIM, NOWHERE = "povo 销户费用多少钱", "SIM 卡要归还吗", "NHK 怎么取消"
NOTHING_NEW = gr.skip()


@dataclass
class Reader:
    """Somebody before the page: what is shown, and what the browser and the page keep between two calls."""

    chat: _Chat
    waiting: _Waiting = field(default_factory=_Waiting)
    stored: Any = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)
    typed: str = ""
    chip: gr.Button | None = None

    @classmethod
    def of(cls, assistant: Assistant, language: Language = Language.ZH_HANS, turnstile: Turnstile | None = None) -> Reader:
        """Return a reader who opens the page in language for the first time."""
        return cls(_Chat(assistant, turnstile or Turnstile(), language, feedback=True))

    def types(self, question: str) -> None:
        """Type question and send it; it is not answered yet."""
        self.typed = question
        self._takes(gr.EventData(None, None), question)

    def chooses(self, value: object) -> None:
        """Click what stands for a question: an example, or an option below an answer."""
        self._takes(gr.EventData(gr.Chatbot(), {"value": value}), self.typed)

    def _takes(self, event: gr.EventData, typed: str) -> None:
        emptied, self.waiting, messages = self.chat.take(event, typed, self.waiting, self.stored)
        self.typed = self.typed if emptied == NOTHING_NEW else emptied
        self.shown = self.shown if messages == NOTHING_NEW else messages

    def gets_answers(self) -> bool:
        """Let what waits be answered; return whether there was anything new to see."""
        return self.sees(self.chat.answer(self.waiting, self.stored))

    def asks(self, *questions: str) -> None:
        """Send questions, each once that before is answered."""
        for question in questions:
            self.types(question)
            assert self.gets_answers()

    def opens(self, **address: str) -> None:
        """Open the page again, with what the browser kept, at an address that may ask something."""
        self.waiting, self.shown = _Waiting(), []
        self.waiting, messages, chip = self.chat.open(self.waiting, self.stored, gr.Request(query_params=address))
        self.shown = self.shown if messages == NOTHING_NEW else messages
        self.chip = self.chip if chip == NOTHING_NEW else chip

    def begins_anew(self) -> None:
        """Clear the conversation."""
        self.waiting, *rest = self.chat.clear(self.waiting)
        assert self.sees(tuple(rest))

    def sees(self, given: tuple[Any, ...]) -> bool:
        """Take in what a call returned; return whether there was anything new."""
        if given == (NOTHING_NEW,) * 3:
            return False
        self.shown, stored, self.chip = given
        self.stored = json.loads(json.dumps(stored))  # as the browser keeps it
        return True

    @property
    def questions(self) -> list[str]:
        """The questions that are shown."""
        return [PageHTML.read(each["content"]).text for each in self.shown if each["role"] == "user"]

    @property
    def answers(self) -> list[str]:
        """The classes of the answers that are shown: what each says became of its question."""
        shown = [PageHTML.read(each["content"]) for each in self.shown if each["role"] == "assistant"]
        return [page.attributes_of("article")[0]["class"].removeprefix("answer ") for page in shown]

    @property
    def options(self) -> list[tuple[str, str]]:
        """What is offered below the last message, as the question that is sent and the words that are shown."""
        assert not any("options" in message for message in self.shown[:-1])
        return [(each["value"], each["label"]) for each in self.shown[-1].get("options", ())]

    @property
    def subject(self) -> str:
        """What the chip says; nothing where it isn't there."""
        return str(self.chip.value) if self.chip and self.chip.visible else ""
