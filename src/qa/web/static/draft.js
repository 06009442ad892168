// Keeps what is typed over a reload, in this tab alone: Gradio loads the page anew once a lost server is back.

const KEY = "kaiyaku-draft";

export function keepDraft() {
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("#question textarea")) sessionStorage.setItem(KEY, event.target.value);
  });

  // A question goes with the page as long as it has no answer, so it is typed again on the next.
  window.addEventListener("pagehide", () => {
    const shown = [...document.querySelectorAll("#chat .question, #chat .answer")];
    const answered = shown.findLastIndex((each) => each.matches(".answer"));
    const unanswered = shown.slice(answered + 1).map((each) => each.innerText);
    const typed = document.querySelector("#question textarea")?.value;
    if (unanswered.length) sessionStorage.setItem(KEY, [...unanswered, typed].filter(Boolean).join("\n"));
  });

  let known = null;
  function look() {
    const field = document.querySelector("#question textarea");
    if (!field || field === known) return;
    known = field;
    const kept = sessionStorage.getItem(KEY);
    if (kept && !field.value) {
      field.value = kept;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    // The field is emptied by the page, without an event, once its question was taken.
    const own = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
    Object.defineProperty(field, "value", {
      get: () => own.get.call(field),
      set: (value) => {
        own.set.call(field, value);
        sessionStorage.setItem(KEY, value);
      },
    });
  }

  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  look(); // the field may have been there before this script
}
