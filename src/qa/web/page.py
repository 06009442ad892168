"""The chat page of one language: the only file that knows Gradio's components and messages."""

from __future__ import annotations

import logging
import secrets
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa.datatypes import Language
from qa.errors import QuestionError
from qa.web.rendering import render_answer, render_message, render_question
from qa.web.texts import LANGUAGE_NAMES, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.answering.assistant import Assistant

_log = logging.getLogger(__name__)

# Kept in the reader's browser alone; a turn is [question, its answer as HTML, follow-up questions].
Turn = list[Any]
MAX_TURNS = 20
# Questions that may wait for their answers in one page; further ones stay in the field.
MAX_WAITING = 5
# Answers that are made at the same time: one keeps a core busy.
_AT_ONCE = BoundedSemaphore(2)
# BrowserState encrypts with this; it guards nothing, but a fixed one lets the history outlive a restart of the server.
_STORAGE_SECRET = "kaiyaku-history1"  # noqa: S105


def chat_page(assistant: Assistant, language: Language) -> gr.Blocks:
    """Return the page whose texts are in language; questions may come in any."""

    def say(key: str) -> str:
        return text(key, language)

    def answer(waiting: list[str], turns: list[Turn] | None) -> tuple[Any, Any]:
        if not waiting:
            return gr.skip(), gr.skip()
        turns = _valid(turns)
        while waiting:
            with _AT_ONCE:
                turns = [*turns, _turn(assistant, waiting[0], turns, language)][-MAX_TURNS:]
            del waiting[0]
        return _messages(turns), turns

    page: gr.Blocks = gr.Blocks(title=say("title"), analytics_enabled=False, fill_height=True, fill_width=False)
    with page:
        turns = gr.BrowserState([], storage_key=f"kaiyaku-{language}", secret=_STORAGE_SECRET)
        gr.Markdown(_header(language), sanitize_html=True)
        with gr.Row(elem_classes="languages"):
            for each, name in LANGUAGE_NAMES.items():
                here = each is language
                gr.Button(name, link=f"/{each}/", size="sm", variant="primary" if here else "secondary", scale=0, min_width=64)
        chat = gr.Chatbot(
            elem_id="chat",
            show_label=False,
            label=say("title"),
            height="max(320px, calc(100dvh - 17rem))",
            layout="bubble",
            buttons=["copy"],
            sanitize_html=True,
            allow_tags=False,
            latex_delimiters=[],
            feedback_options=None,
            group_consecutive_messages=False,
            examples=[{"text": example} for example in say("examples").split("|")],
        )
        question = gr.Textbox(
            elem_id="question",
            label=say("question_label"),
            show_label=False,
            container=False,
            placeholder=say("placeholder"),
            lines=1,
            max_lines=5,
            submit_btn=say("send"),
            html_attributes=gr.InputHTMLAttributes(autocomplete="off", lang=language.value),
        )
        with gr.Row(elem_classes="foot"):
            gr.Markdown(f'<p class="footer" lang="{language}">{say("footer")}</p>', sanitize_html=True)
            new = gr.Button(say("new_chat"), elem_id="new-chat", size="sm", scale=0, min_width=96)

        # Questions without an answer yet: one that is sent while another is answered waits for its turn.
        waiting = gr.State([])
        # Without Gradio's queue, which loses an event that comes while the stream of the one before is closing.
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": False}
        sent = [question.submit, chat.option_select, chat.example_select]
        # Not "once", which drops what is sent while the one before is under way.
        taken = gr.on(sent, _take, [question, waiting, turns], [question, waiting, chat], **quiet, trigger_mode="multiple")
        taken.then(answer, [waiting, turns], [chat, turns], **{**quiet, "show_progress": "minimal"}, trigger_mode="always_last")
        new.click(_clear, None, [chat, turns], **quiet)
        chat.clear(_clear, None, [chat, turns], **quiet)
        page.load(_restore, [turns], [chat], **quiet)
    return page


def _take(event: gr.EventData, typed: str, waiting: list[str], turns: list[Turn] | None) -> tuple[Any, list[str], Any]:
    chosen = isinstance(event.target, gr.Chatbot)
    question = _chosen(event.value) if chosen else typed
    if not question.strip() or len(waiting) >= MAX_WAITING:
        return gr.skip(), waiting, gr.skip()
    if question not in waiting:  # else an impatient finger sent it twice
        # In place: an answer that is being made takes its questions out of the same list.
        waiting.append(question)
    # The question moves to the conversation at once: what is typed while its answer is made stays in the field.
    return gr.skip() if chosen else "", waiting, _messages(_valid(turns), waiting)


def _restore(turns: list[Turn] | None) -> Any:
    # Nothing is put in place of nothing: a question that was sent while the page loaded would vanish until it is answered.
    return _messages(_valid(turns)) if turns else gr.skip()


def _clear() -> tuple[list[dict[str, Any]], list[Turn]]:
    return [], []


def _turn(assistant: Assistant, question: str, turns: list[Turn], language: Language) -> Turn:
    try:
        answer, generation = assistant.answer_from_generation(question, earlier=[turn[0] for turn in turns], hint=language)
    except QuestionError:
        shortened = question[:200] + "…"
        return [shortened, render_message(text("too_long", language).format(length=len(question)), language), []]
    except Exception:  # noqa: BLE001
        # Whatever went wrong, the reader keeps the conversation, and the log has the trace.
        _log.exception("A question could not be answered")
        return [question, render_message(text("failed", language), language), []]
    return [question, render_answer(answer, generation, secrets.token_hex(4)), list(answer.follow_ups)]


def _messages(turns: list[Turn], waiting: Sequence[str] = ()) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    for number, (question, html, follow_ups) in enumerate(turns, 1):
        messages.append(_asked(question))
        message: dict[str, Any] = {"role": "assistant", "content": html}
        if number == len(turns) and follow_ups:
            message["options"] = [{"value": each, "label": each} for each in follow_ups]
        messages.append(message)
    return [*messages, *map(_asked, waiting)]


def _asked(question: str) -> dict[str, Any]:
    return {"role": "user", "content": render_question(question)}


def _valid(turns: object) -> list[Turn]:
    """Return the turns that the browser sent, without what is not a turn: anything can be posted to the page."""
    if not isinstance(turns, list):
        return []
    return [
        turn
        for turn in turns[-MAX_TURNS:]
        if isinstance(turn, list)
        and len(turn) == len(("question", "answer", "follow-ups"))
        and isinstance(turn[0], str)
        and isinstance(turn[1], str)
        and isinstance(turn[2], list)
        and all(isinstance(each, str) for each in turn[2])
    ]


def _chosen(value: object) -> str:
    """Return the question that a chosen example or follow-up stands for."""
    if isinstance(value, dict):
        value = value.get("value", value.get("text", ""))
    return str(value)


def _header(language: Language) -> str:
    return (
        f'<div class="header" lang="{language}"><h1>{text("title", language)}</h1>'
        f'<p class="tagline">{text("tagline", language)}</p></div>'
    )
