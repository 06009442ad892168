"""The same tools for programs and agents: HTTP and MCP, read-only."""
