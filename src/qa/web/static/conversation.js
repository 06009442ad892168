// Brings a new question to the top, so that its answer is read from its beginning; names the parts in the page's language.

const MARGIN = 32; // pixels above and below the question and its answer

export function watchConversation(texts) {
  let messages = null;
  function look() {
    const chat = document.getElementById("chat");
    if (!chat) return;
    document.getElementById("loading")?.remove();
    document.body.classList.toggle("talking", Boolean(chat.querySelector(".question")));
    const log = chat.querySelector("[role=log]");
    // Not where it is so already: that would be a change again.
    if (log && log.getAttribute("aria-label") !== texts.conversation) log.setAttribute("aria-label", texts.conversation);
    // A list of buttons is none.
    chat.querySelector(".examples[role=list]")?.removeAttribute("role");
    // Gradio repeats a whole message, HTML and all, as its label.
    chat.querySelectorAll("[data-testid=bot][aria-label], [data-testid=user][aria-label]").forEach((each) => each.removeAttribute("aria-label"));
    const question = [...chat.querySelectorAll(".question")].at(-1);
    const messagesNow = [...chat.querySelectorAll(".question, .answer")];
    const shown = messagesNow.length;
    messagesNow.forEach((each) => each.classList.toggle("unanswered", each === question && each === messagesNow.at(-1)));
    if (question) makeRoom(chat, question);
    // What was there when the page was opened is no news.
    if (messages !== null && shown > messages) question.scrollIntoView({ block: "start" });
    messages = shown;
    // Asked once: a reload shows the answer that is kept. Not before it was taken: Gradio reads the address after this file where all is cached.
    if (question && location.search) history.replaceState(null, "", location.pathname + location.hash);
  }

  const seen = { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-label"] };
  new MutationObserver(look).observe(document.body, seen);
  look(); // the chat may have been there before this script
}

// So much below the last answer that its question can stand at the top, and no more.
function makeRoom(chat, question) {
  const messages = chat.querySelector(".message-wrap");
  const room = parseFloat(getComputedStyle(messages, "::after").height) || 0;
  const used = messages.getBoundingClientRect().bottom - room - question.getBoundingClientRect().top;
  const composer = document.getElementById("composer").offsetHeight;
  const wanted = Math.max(0, Math.floor(window.innerHeight - composer - used - MARGIN));
  if (Math.abs(wanted - room) > 1) chat.style.setProperty("--room", `${wanted}px`);
}
