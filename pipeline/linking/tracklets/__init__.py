"""Tracks cut into pieces that show one person each, with what is known of them."""
