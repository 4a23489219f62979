"""Which pixels are grass."""
