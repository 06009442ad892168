"""What readers say of answers: masked, kept in one local file, and turned into work for the maintainers."""
