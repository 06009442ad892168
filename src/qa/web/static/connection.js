// Says when the server can't be reached or is slow, in the page's language; Gradio's own words are hidden by chat.css.

const SLOW_AFTER = 6000; // milliseconds
const ASK_AGAIN_EVERY = 2000;
const CHECK_EVERY = 4000; // while somebody types
const SHOWN_FOR = 4000;
const LOST = "kaiyaku-lost";

export function watchConnection(texts) {
  const notice = document.getElementById("notice");
  const ask = window.fetch;
  let lost = false;
  let leaving = false;
  let checked = Date.now();

  function say(text, kind) {
    notice.textContent = text;
    notice.className = kind;
    notice.hidden = !text;
  }

  async function isThere() {
    try {
      return (await ask("/health", { cache: "no-store" })).ok;
    } catch {
      return false;
    }
  }

  function lose() {
    if (lost || leaving) return;
    lost = true;
    sessionStorage.setItem(LOST, "yes");
    say(texts.lost, "lost");
    const asking = setInterval(async () => {
      if (!(await isThere())) return;
      clearInterval(asking);
      find();
    }, ASK_AGAIN_EVERY);
  }

  function find() {
    lost = false;
    say(texts.back, "back");
    setTimeout(() => {
      if (lost) return;
      sessionStorage.removeItem(LOST);
      say("", "");
    }, SHOWN_FOR);
  }

  window.fetch = async (...args) => {
    const address = String(args[0]?.url ?? args[0]);
    const isQuestion = address.includes("/run/predict");
    const slow = isQuestion && setTimeout(() => lost || say(texts.slow, "slow"), SLOW_AFTER);
    try {
      const reply = await ask(...args);
      if (isQuestion && reply.status >= 502) lose();
      return reply;
    } catch (error) {
      // Leaving the page cuts calls short as well.
      if (error.name !== "AbortError") lose();
      throw error;
    } finally {
      clearTimeout(slow);
      if (isQuestion && !lost && notice.className === "slow") say("", "");
    }
  };
  window.addEventListener("offline", lose);
  window.addEventListener("pagehide", () => (leaving = true));
  // Who types learns of it before sending.
  document.addEventListener("input", async () => {
    if (lost || Date.now() - checked < CHECK_EVERY) return;
    checked = Date.now();
    if (!(await isThere())) lose();
  });
  // Gradio loads the page anew once the server is back, often before that was read.
  if (sessionStorage.getItem(LOST)) find();
}
