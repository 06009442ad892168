// The buttons of an answer: copy it, link to its question, say whether it helped.

export function watchCards(texts) {
  document.addEventListener("click", async (event) => {
    const card = event.target.closest?.("#chat .answer");
    if (!card) return;
    const pressed = event.target.closest("button.copy, a.again, button.verdict");
    if (!pressed) return;
    const { about, plain } = JSON.parse(card.querySelector(".payload").textContent);
    if (pressed.matches(".copy")) {
      await copy(`${plain}\n${card.querySelector("a.again").href}`, pressed, texts.copied, texts);
    } else if (pressed.matches(".again")) {
      event.preventDefault();
      await copy(pressed.href, pressed, texts.link_copied, texts);
    } else {
      takeFeedback(card, pressed, about, texts);
    }
  });
}

async function copy(text, pressed, done, texts) {
  try {
    await navigator.clipboard.writeText(text);
    sayOn(pressed, done);
  } catch {
    sayOn(pressed, selectAndCopy(text) ? done : texts.not_copied);
  }
}

// Browsers give the clipboard to secure pages alone; a server in the house is not one.
function selectAndCopy(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "off-screen";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

function sayOn(pressed, words) {
  pressed.dataset.label ??= pressed.textContent;
  pressed.textContent = words;
  setTimeout(() => (pressed.textContent = pressed.dataset.label), 2500);
}

function takeFeedback(card, pressed, about, texts) {
  const verdict = [...pressed.classList].find((name) => name !== "verdict");
  card.querySelector("form.feedback")?.remove();
  card.querySelectorAll("button.verdict").forEach((each) => each.setAttribute("aria-pressed", String(each === pressed)));
  const form = document.createElement("form");
  form.className = "feedback";
  const remark = document.createElement("textarea");
  remark.maxLength = 1000;
  remark.rows = 2;
  remark.placeholder = texts.feedback_remark;
  remark.setAttribute("aria-label", texts.feedback_remark);
  const privacy = document.createElement("p");
  privacy.textContent = texts.feedback_privacy;
  const send = document.createElement("button");
  send.type = "submit";
  send.textContent = texts.feedback_send;
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  form.append(remark, privacy, send, said);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    if (await sent({ ...about, verdict, remark: remark.value })) {
      form.replaceChildren(said);
      said.tabIndex = -1; // the button that had the focus is gone
      said.focus();
      said.textContent = texts.feedback_thanks;
      card.querySelectorAll("button.verdict").forEach((each) => (each.disabled = true));
    } else {
      send.disabled = false;
      said.textContent = texts.feedback_failed;
    }
  });
  card.querySelector(".actions").after(form);
  remark.focus();
}

async function sent(feedback) {
  try {
    const reply = await fetch("/feedback", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(feedback),
    });
    return reply.ok;
  } catch {
    return false;
  }
}
