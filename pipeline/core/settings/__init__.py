"""Groups of settings that need a module of their own."""
