"""Which provider wrote a tracking file, and which further files it needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import ExtensionError, TrackingError
from pipeline.core.extensions import PROVIDERS as ADDED
from pipeline.core.extensions import loaded
from pipeline.formats.readers.match_data import MatchData
from pipeline.formats.readers.run_match import run_of

Reader = Callable[[tuple[Path, ...], tuple[Path, ...]], MatchData]


@dataclass(frozen=True, slots=True)
class Provider:
    """``meta``: what ``--meta`` has to give, in order. ``also``: what it may give
    behind that. ``steady``: cameras that see the whole pitch.

    Those that other packages add bring ``read``, called with the files and those of ``--meta``; ``signs``:
    regular expressions for the beginning of a file, one of which says that it is theirs.
    """

    name: str
    about: str
    meta: tuple[str, ...] = ()
    steady: bool = True
    also: tuple[str, ...] = ()
    read: Reader | None = None
    signs: tuple[str, ...] = ()


PROVIDERS: dict[str, Provider] = {
    p.name: p
    for p in (
        Provider("table", "long or wide table, .parquet or .csv", also=("identities or metadata", "people")),
        Provider("skillcorner", "SkillCorner V2 .json or V3 .jsonl", ("match data .json",), steady=False),
        Provider("cdf", "Common Data Format .jsonl", ("meta sheet .json",)),
        Provider("tracab", "TRACAB .dat or .json", ("metadata .xml or .json",)),
        Provider(
            "hawkeye",
            "Hawk-Eye *.samples.centroids and *.samples.ball files, or their folder",
            also=("metadata",),
        ),
        Provider("metrica", "Metrica CSV, home and away file"),
        Provider("metrica_epts", "Metrica EPTS .txt", ("metadata .xml",)),
        Provider(
            "secondspectrum", "Second Spectrum .jsonl", ("metadata .xml or .json",), also=("line-up .json",)
        ),
        Provider("sportec", "Sportec / DFL positions .xml", ("match information .xml",)),
        Provider("statsperform", "Stats Perform MA25 .txt", ("MA1 .json or .xml",)),
        Provider("signality", "Signality .json, one file a half", ("metadata .json", "venue .json")),
        Provider("pff", "PFF .jsonl", ("metadata .json", "rosters .json"), steady=False),
        Provider("teamshape", "a finished run, or its tables/positions.parquet or .csv"),
    )
}

_HEAD_BYTES = 6000
_SIGNS = (
    (r"^\s*,*\s*,*(Home|Away)\b|^Period,Frame,Time \[s\]", "metrica"),
    (r'"FrameData"', "tracab"),
    (r'"gameRefId"', "pff"),
    (r'"frameIdx"', "secondspectrum"),
    (r'"frame_id".*"teams"', "cdf"),
    (r'"utc_time".*"phase"|"phase".*"utc_time"', "signality"),
    (r'"possession".*"frame"|"frame".*"possession"', "skillcorner"),
    (r"<PutDataRequest|<Positions", "sportec"),
    (r"^\d{10,};\d", "statsperform"),
    (r"^\d+:-?\d+,-?\d+,", "tracab"),
    (r"^\d+:(-?\d*\.\d+|NaN),", "metrica_epts"),
)


def providers() -> dict[str, Provider]:
    """List all providers by name: our own, and those of installed packages.

    Raises
    ------
    ExtensionError
        If one of the latter is broken or takes the name of one of ours.
    """
    added = loaded(ADDED, Provider)
    for name, provider in added.items():
        if name in PROVIDERS:
            raise ExtensionError(f"provider {name}: there is one of this name; choose another")
        if provider.read is None:
            raise ExtensionError(f"provider {name}: has no read function")
    return PROVIDERS | added


def provider_of(sources: tuple[Path, ...], name: str | None, meta: tuple[Path, ...] = ()) -> Provider:
    """Find the provider by ``name``, or guess it from names and first bytes of the files.

    The table ``positions`` of a run stands for the run, unless ``meta`` says otherwise who is who.

    Raises
    ------
    TrackingError
        If a file is missing, ``name`` is not known, or the files could be anybody's.
    """
    for path in sources:
        if not path.exists():
            raise TrackingError(f"{path}: no such file or folder")
    known = providers()
    if name is None and meta and run_of(sources[0]) is not None:
        return known["table"]  # who is who is given
    if name is not None:
        if name not in known:
            raise TrackingError(f"--provider {name}: not known; choose from {', '.join(known)}")
        return known[name]
    signs = (*((sign, p.name) for p in known.values() for sign in p.signs), *_SIGNS)
    guesses = {guess for path in sources for guess in [_guess(path, signs)] if guess}
    if len(guesses) == 1:
        return known[guesses.pop()]
    found = f"could be {' or '.join(sorted(guesses))}" if guesses else "cannot tell who wrote it"
    raise TrackingError(f"{sources[0]}: {found}; say --provider, one of {', '.join(known)}")


def _guess(path: Path, signs: Iterable[tuple[str, str]]) -> str | None:
    if run_of(path) is not None:
        return "teamshape"
    if path.is_dir():
        return "hawkeye" if any(path.glob("*.samples.centroids")) else None
    if path.name.endswith((".samples.centroids", ".samples.ball")):
        return "hawkeye"
    if path.suffix.lower() == ".parquet":
        return "table"
    with path.open("rb") as handle:
        head = handle.read(_HEAD_BYTES).decode("utf-8-sig", "replace")
    for pattern, name in signs:
        if re.search(pattern, head, re.DOTALL | re.MULTILINE if pattern.startswith("^") else re.DOTALL):
            return name
    return "table" if path.suffix.lower() == ".csv" else None


def needed_meta(provider: Provider, sources: tuple[Path, ...], meta: tuple[Path, ...]) -> None:
    """Refuse a call that lacks a file or names one that is not there.

    Raises
    ------
    TrackingError
    """
    for path in meta:
        if not path.exists():
            raise TrackingError(f"--meta {path}: no such file")
    if len(meta) < len(provider.meta):
        wanted = " and ".join(provider.meta)
        raise TrackingError(f"{sources[0]}: {provider.about} needs --meta with its {wanted}")
    most = len(provider.meta) + len(provider.also)
    if len(meta) > most:
        raise TrackingError(f"--meta {meta[most]}: one too many; {provider.about} takes {most}")
    several = provider.read is not None or provider.name in ("metrica", "hawkeye", "signality")
    if len(sources) > 1 and not several:
        raise TrackingError(f"{sources[1]}: one too many; {provider.about} is one file")
    if provider.name == "metrica" and len(sources) != 2:
        raise TrackingError(f"{sources[0]}: Metrica CSV is two files; give the home file, then the away file")
