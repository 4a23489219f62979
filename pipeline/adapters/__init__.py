"""The only home of third-party types: export and exchange formats, supervision."""
