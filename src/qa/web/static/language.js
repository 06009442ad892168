// Gradio says that the page is in the browser's language, and screen readers would take the wrong voice, fonts the wrong glyphs.

export function keepLanguage() {
  const page = document.documentElement;
  const { lang } = document.querySelector("header.site");
  function say() {
    if (page.lang !== lang) page.lang = lang;
  }
  new MutationObserver(say).observe(page, { attributes: true, attributeFilter: ["lang"] });
  say();
}
