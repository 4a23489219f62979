"""First views to start the solver from."""
