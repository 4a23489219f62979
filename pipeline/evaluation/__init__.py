"""Networks measured against labelled pictures."""
