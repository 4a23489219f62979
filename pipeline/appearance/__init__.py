"""What the pixels of a person say: kit colours, ground contact, sharper mask edges."""
