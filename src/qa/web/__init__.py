"""The page: it converts and renders; what it shows is decided in answering."""
