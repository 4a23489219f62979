"""The views of a shot and of a whole video, frame by frame."""
