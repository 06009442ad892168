"""The chat page of one language: the only file that knows Gradio's components and messages."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa.answering.reader import for_reader
from qa.corpus.characters import displayed
from qa.datatypes import Language
from qa.errors import BusyError, QuestionError
from qa.retrieval.query import MAX_CHARACTERS
from qa.web.chat.card import render_answer, render_message, render_question
from qa.web.chat.turns import MAX_TURNS, Turn, earlier_questions, read_turns
from qa.web.texts import text
from qa.web.turnstile import MOST_INSIDE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.answering.assistant import Assistant
    from qa.web.turnstile import Turnstile

_log = logging.getLogger(__name__)

# Questions that may wait for their answers in one page; further ones stay in the field.
MAX_WAITING = 5
# BrowserState encrypts with this; it guards nothing, but a fixed one lets the history outlive a restart of the server.
_STORAGE_SECRET = "kaiyaku-history1"  # noqa: S105
_STORAGE_FORMAT = 2
_SHOWN_OF_TOO_LONG = 200


@dataclass
class _Waiting:
    """Questions of one page without an answer yet: one that is sent while another is answered waits for its turn."""

    questions: list[str] = field(default_factory=list)
    cleared: int = 0
    is_answering: bool = False

    def clear(self) -> None:
        """Forget the questions, also the one that is being answered."""
        self.questions.clear()
        self.cleared += 1


@dataclass(frozen=True)
class _Chat:
    """What the page of one language does."""

    assistant: Assistant
    turnstile: Turnstile
    language: Language
    feedback: bool

    def take(self, event: gr.EventData, typed: str, waiting: _Waiting, stored: object) -> tuple[Any, _Waiting, Any]:
        """Move a question to the conversation at once: what is typed while its answer is made stays in the field."""
        is_chosen = isinstance(event.target, gr.Chatbot)
        # Half a character, which no reply can hold, becomes a question mark.
        question = (_chosen(event.value) if is_chosen else typed).encode(errors="replace").decode()
        if not question.strip() or len(waiting.questions) >= MAX_WAITING:
            return gr.skip(), waiting, gr.skip()
        if question not in waiting.questions:  # else an impatient finger sent it twice
            # In place: an answer that is being made takes its questions out of the same list.
            waiting.questions.append(question)
        return gr.skip() if is_chosen else "", waiting, _messages(read_turns(stored), waiting.questions)

    def answer(self, waiting: _Waiting, stored: object) -> tuple[Any, Any, Any]:
        """Answer what waits, in turn; nothing where that is being done already."""
        if not waiting.questions or waiting.is_answering:
            return gr.skip(), gr.skip(), gr.skip()
        turns, cleared = read_turns(stored), waiting.cleared
        waiting.is_answering = True
        try:
            while waiting.questions:
                turn = self._turn(waiting.questions[0], turns)
                if waiting.cleared != cleared:  # a new conversation was begun meanwhile, and may wait for an answer already
                    turns, cleared = [], waiting.cleared
                    continue
                turns = [*turns, turn][-MAX_TURNS:]
                del waiting.questions[:1]
        finally:
            waiting.is_answering = False
        return self._shown(turns) if turns else (gr.skip(), gr.skip(), gr.skip())

    def forget_subject(self, waiting: _Waiting, stored: object) -> tuple[Any, Any, Any]:
        """Let the next question start anew; not while one is under way, whose answer would undo it."""
        if waiting.questions:
            return gr.skip(), gr.skip(), gr.skip()
        turns = read_turns(stored)
        return self._shown([*turns[:-1], *(replace(turn, is_break=True) for turn in turns[-1:])])

    def open(self, waiting: _Waiting, stored: object, request: gr.Request) -> tuple[_Waiting, Any, Any]:
        """Show the conversation that the browser kept, and take the question that the page's address asks."""
        turns = read_turns(stored)
        question = str(dict(request.query_params).get("q", "")).strip()
        if question and not (turns and turns[-1].question == question):  # else the page was only loaded anew
            waiting.questions.append(question)
        if not turns and not waiting.questions:
            # Nothing is put in place of nothing: a question that was sent while the page loaded would vanish until it is answered.
            return waiting, gr.skip(), gr.skip()
        return waiting, _messages(turns, waiting.questions), self._subject(turns)

    def clear(self, waiting: _Waiting) -> tuple[Any, ...]:
        """Begin a new conversation."""
        waiting.clear()
        return waiting, *self._shown([])

    def _shown(self, turns: list[Turn]) -> tuple[Any, Any, Any]:
        return _messages(turns), [turn.stored() for turn in turns], self._subject(turns)

    def _subject(self, turns: list[Turn]) -> Any:
        """Return the chip that says whom the next question will be about, were it to name nobody."""
        keys = self.assistant.carries(earlier_questions(turns), self.language)
        operators = self.assistant.generation.lexicon.operators
        named = [operators[key].name(self.language) for key in keys if key in operators]
        names = displayed(for_reader(", ".join(named), self.language.of_guides, self.language))
        return gr.Button(value=text("subject", self.language).format(operator=names), visible=bool(named))

    def _turn(self, question: str, turns: list[Turn]) -> Turn:
        again = ((question, text("ask_again", self.language)),)
        try:
            answer, generation = self.turnstile.take_turn(
                lambda: self.assistant.answer_from_generation(question, earlier=earlier_questions(turns), hint=self.language)
            )
            html = render_answer(answer, generation, secrets.token_hex(4), self.language, feedback=self.feedback)
        except QuestionError:
            message = text("too_long", self.language).format(length=len(question))
            # What the model alone finds too long is kept whole, so that it can be shortened.
            shown = question if len(question) <= MAX_CHARACTERS else question[:_SHOWN_OF_TOO_LONG] + "…"
            return Turn(shown, render_message(message, self.language), is_break=True)
        except BusyError:
            return Turn(question, render_message(text("busy", self.language), self.language), again, is_break=True)
        except Exception:  # noqa: BLE001
            # Whatever went wrong, the reader keeps the conversation, and the log has the trace.
            _log.exception("A question could not be answered")
            return Turn(question, render_message(text("failed", self.language), self.language), again, is_break=True)
        label = text("did_you_mean", answer.language)
        meant = [(each, displayed(label.format(question=each))) for each in answer.did_you_mean]
        return Turn(question, html, (*meant, *((each, displayed(each)) for each in answer.follow_ups)))


def chat_page(assistant: Assistant, language: Language, turnstile: Turnstile, *, feedback: bool) -> gr.Blocks:
    """Return the page whose texts are in language; questions may come in any."""

    def say(key: str) -> str:
        return text(key, language)

    chatting = _Chat(assistant, turnstile, language, feedback)
    page: gr.Blocks = gr.Blocks(title=say("title"), analytics_enabled=False, fill_width=False)
    with page:
        turns = gr.BrowserState([], storage_key=f"kaiyaku-{_STORAGE_FORMAT}", secret=_STORAGE_SECRET)
        chat = gr.Chatbot(
            elem_id="chat",
            show_label=False,
            label=say("title"),
            height=None,
            layout="bubble",
            buttons=[],
            autoscroll=False,
            sanitize_html=True,
            allow_tags=False,
            latex_delimiters=[],
            feedback_options=None,
            group_consecutive_messages=False,
            placeholder=_welcome(language),
            examples=[{"text": example} for example in say("examples").split("|")],
        )
        with gr.Column(elem_id="composer"):
            with gr.Row(elem_id="above-field"):
                subject = gr.Button("", elem_id="subject", size="sm", visible=False, scale=0, min_width=0)
                new = gr.Button(say("new_chat"), elem_id="new-chat", size="sm", scale=0, min_width=0)
            question = gr.Textbox(
                elem_id="question",
                label=say("question_label"),
                show_label=False,
                container=False,
                placeholder=say("placeholder"),
                lines=1,
                max_lines=5,
                submit_btn=say("send"),
                html_attributes=gr.InputHTMLAttributes(autocomplete="off", lang=language.value, enterkeyhint="send"),
            )
        gr.Markdown(f'<p class="footer" lang="{language}">{say("footer")}</p>', sanitize_html=True)

        waiting = gr.State(_Waiting())
        shown = [chat, turns, subject]
        # Without Gradio's queue, which loses an event that comes while the stream of the one before is closing.
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": False}
        sent = [question.submit, chat.option_select, chat.example_select]
        # Not "once", which drops what is sent while the one before is under way.
        taken = gr.on(
            sent, chatting.take, [question, waiting, turns], [question, waiting, chat], **quiet, trigger_mode="multiple"
        )
        taken.then(chatting.answer, [waiting, turns], shown, **quiet, trigger_mode="always_last")
        subject.click(chatting.forget_subject, [waiting, turns], shown, **quiet)
        new.click(chatting.clear, [waiting], [waiting, *shown], **quiet)
        opened = page.load(chatting.open, [waiting, turns], [waiting, chat, subject], **quiet)
        opened.then(chatting.answer, [waiting, turns], shown, **quiet)
    # Threads of its own, as many as can wait in line: else a long line would leave the server none for pages and files.
    page.max_threads = MOST_INSIDE
    return page


def _messages(turns: list[Turn], waiting: Sequence[str] = ()) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    for number, turn in enumerate(turns, 1):
        messages.append(_asked(turn.question))
        message: dict[str, Any] = {"role": "assistant", "content": turn.html}
        if number == len(turns) and turn.options and not waiting:
            message["options"] = [{"value": value, "label": label} for value, label in turn.options]
        messages.append(message)
    return [*messages, *map(_asked, waiting)]


def _asked(question: str) -> dict[str, Any]:
    return {"role": "user", "content": render_question(question)}


def _chosen(value: object) -> str:
    """Return the question that a chosen example or follow-up stands for."""
    if isinstance(value, dict):
        value = value.get("value", value.get("text", ""))
    return str(value)


def _welcome(language: Language) -> str:
    return (
        f'<div class="welcome" lang="{language}"><p class="title">{text("title", language)}</p>'
        f'<p class="tagline">{text("tagline", language)}</p></div>'
    )
