// What Gradio's page doesn't do by itself. Each part stands alone: where one fails, the chat still answers.
import { watchCards } from "./card.js";
import { watchConnection } from "./connection.js";
import { keepDraft } from "./draft.js";
import { watchConversation } from "./conversation.js";
import { keepLanguage } from "./language.js";

const texts = JSON.parse(document.getElementById("texts").textContent);

const parts = [keepLanguage, () => watchConnection(texts), () => watchCards(texts), keepDraft, () => watchConversation(texts)];
for (const start of parts) {
  try {
    start();
  } catch (error) {
    console.error(error);
  }
}
