"""Text in and out: YAML that is refused clearly, names that a terminal can show."""
