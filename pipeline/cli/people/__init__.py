"""Commands about who is who: people and corrections of a run, and tracks against the truth."""
