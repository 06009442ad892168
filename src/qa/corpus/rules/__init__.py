"""What `qa corpus check` looks at, a module for each subject; each yields the problems that it finds."""
