"""Many finished runs together: their list, and questions in SQL."""
