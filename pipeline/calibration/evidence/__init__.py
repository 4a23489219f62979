"""What pictures show of the pitch, collected and stored."""
