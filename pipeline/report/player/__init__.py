"""One player: what he did, where, and beside whom that is much or little."""
