"""From files to guides, sections and passages."""
