// Shows what the form asks for at once, without leaving the page. Without this file its button does the same.
const form = document.getElementById("page_filters");
const TYPING = 300; // milliseconds
let timer;
let underway;

async function show() {
  clearTimeout(timer);
  underway?.abort();
  underway = new AbortController();
  const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim()));
  const address = `${form.getAttribute("action")}${asked.size ? `?${asked}` : ""}`;
  let page;
  try {
    const reply = await fetch(address, { signal: underway.signal });
    if (!reply.ok) return;
    page = new DOMParser().parseFromString(await reply.text(), "text/html");
  } catch {
    return; // a newer request took over, or there is no connection: the button is still there
  }
  for (const id of ["page_count", "page_results"]) {
    document.getElementById(id).replaceChildren(...page.getElementById(id).childNodes);
  }
  document.getElementById("page_clear").hidden = page.getElementById("page_clear").hidden;
  const languages = page.querySelectorAll("nav.languages a");
  document.querySelectorAll("nav.languages a").forEach((link, number) => (link.href = languages[number].getAttribute("href")));
  history.replaceState(null, "", address);
}

form.addEventListener("change", show);
form.addEventListener("input", (event) => {
  if (event.target.type !== "search") return;
  clearTimeout(timer);
  timer = setTimeout(show, TYPING);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  show();
});
