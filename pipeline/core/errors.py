"""Everything that can go wrong, as one tree.

TeamshapeError
├── UserError                the user can mend it: one line, exit code 2
│   ├── ConfigError          a setting is unknown or out of range
│   ├── VideoError           the footage is missing, empty or undecodable
│   ├── WeightsError         a model file is missing, unreadable, untrusted or of the wrong kind
│   ├── TableError           a table on disk does not fit its declaration
│   ├── TrackingError        tracking data are unreadable, or of a kind that has to be named
│   ├── SeasonError          a season lacks a match, or its SQL cannot be answered
│   ├── DataSetError         annotated images are broken or inconsistent
│   ├── CorrectionsError     corrections, roster or match.yaml are wrong, or contradict what was seen
│   ├── OutsideError         a name in somebody's file leads out of its folder
│   ├── RunError             the run directory cannot be used (not ours, read-only, disk full)
│   └── ExtensionError       another package's extension is broken or does not fit
└── PlanError                our own mistake: steps that do not fit together

Every message says what, which value, and what to do.
"""


class TeamshapeError(Exception):
    """Root of all errors raised on purpose."""


class UserError(TeamshapeError):
    """Something that the user can mend; the command line prints one line and exits with 2."""


class ConfigError(UserError):
    """A setting is unknown, of the wrong type, or out of range."""


class VideoError(UserError):
    """The footage is missing, empty, or cannot be decoded."""


class WeightsError(UserError):
    """A model file is missing, unreadable, untrusted, or of the wrong kind."""


class TableError(UserError):
    """A table on disk does not fit its declaration."""


class TrackingError(UserError):
    """Tracking data cannot be read, or what they are has to be said by the user."""


class SeasonError(UserError):
    """A season is empty or lacks a match, or a question to it cannot be answered."""


class DataSetError(UserError):
    """Annotated images are broken or inconsistent."""


class CorrectionsError(UserError):
    """Corrections or a roster are wrong, or contradict what was seen; ``lines`` has one for each fault."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


class OutsideError(UserError):
    """A name in a file from elsewhere leads out of the folder that it belongs to."""


class RunError(UserError):
    """The run directory cannot be used: not ours, read-only, or the disk is full."""


class ExtensionError(UserError):
    """What another package adds cannot be loaded, fails, or is not what its entry point promises."""


class PlanError(TeamshapeError):
    """A plan whose steps do not fit together: a mistake in our code."""
