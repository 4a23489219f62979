"""Who is in pictures without a camera view: told by how people stand there, and how they look."""
