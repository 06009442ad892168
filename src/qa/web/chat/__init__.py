"""The chat: one Gradio page per language, its cards, and the conversation that the browser keeps."""
