"""Which network to load: bundled or the user's own, checked by content before anything is opened."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Literal

from pipeline.core.errors import WeightsError
from pipeline.networks.families.network_family import added_suffixes

Kind = Literal["torch", "onnx", "openvino", "other"]
Task = Literal["instance", "semantic"]
_KINDS: dict[str, Kind] = {".pt": "torch", ".onnx": "onnx", ".xml": "openvino"}
_BUNDLED_SUFFIXES = (".pt", ".onnx")


@dataclass(frozen=True, slots=True)
class Weights:
    """A network's file on disk. ``sha256`` is of its content (of all files, for an OpenVINO folder).

    Its kind is "other" where only another package's family of networks can read it.
    """

    path: Path
    kind: Kind
    sha256: str
    bundled: bool


def weights_folder() -> Path:
    """Where the bundled networks lie."""
    return Path(str(resources.files("pipeline"))) / "weights"


def bundled_names() -> list[str]:
    """Names of the bundled networks, such as ``football-seg-n``."""
    return sorted(p.stem for p in weights_folder().iterdir() if p.suffix in _BUNDLED_SUFFIXES)


def resolve(weights: str, *, trust: bool = False) -> Weights:
    """Find the network that the setting ``weights`` means.

    Parameters
    ----------
    weights
        The name of a bundled network, or a path to ``.pt``, ``.onnx``, ``.xml`` or an OpenVINO folder.
    trust
        Accept a ``.pt`` that is not bundled: such a file is a pickle, and loading it can run code.

    Raises
    ------
    WeightsError
        If nothing is there, the kind is unknown, a bundled file is damaged, or a ``.pt`` is not trusted.
    """
    if weights in bundled_names():
        return _bundled(weights)
    path = _find(weights)
    kind = _KINDS.get(path.suffix.lower(), "other")
    if kind == "torch" and not trust:
        raise WeightsError(
            f"segment.weights {weights}: loading a .pt can run code hidden in it; if you trust its source, "
            "give --trust-weights, else export it to .onnx"
        )
    return Weights(path, kind, _content_sha256(path), bundled=False)


def task_of(weights: Weights) -> Task:
    """Say what a network is for, without loading it; what cannot be read counts as "instance".

    A ``.pt`` is a zip file whose pickle names the network's class; nothing of it is run.
    """
    if weights.kind != "torch" or not zipfile.is_zipfile(weights.path):
        return "instance"
    with zipfile.ZipFile(weights.path) as archive:
        names = [n for n in archive.namelist() if n.endswith("/data.pkl")]
        semantic = any(b"SemanticSegmentationModel" in archive.read(n) for n in names)
    return "semantic" if semantic else "instance"


def fingerprint(weights: str) -> str:
    """Identify a network by its content, wherever it lies; a missing one is told as in `resolve`."""
    if weights in bundled_names():
        return _bundled(weights).sha256
    return _content_sha256(_find(weights))


def _bundled(name: str) -> Weights:
    folder = weights_folder()
    path = next(folder / f"{name}{s}" for s in _BUNDLED_SUFFIXES if (folder / f"{name}{s}").exists())
    found, expected = _content_sha256(path), _expected_sha256(path.name)
    if found != expected:
        raise WeightsError(
            f"{path}: damaged (SHA-256 {found[:12]}..., expected {expected[:12]}...); install teamshape again"
        )
    return Weights(path, _KINDS[path.suffix], found, bundled=True)


def _expected_sha256(filename: str) -> str:
    sums = weights_folder() / "SHA256SUMS"
    for line in sums.read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        if name == filename:
            return digest
    raise WeightsError(f"{sums}: does not list {filename}; install teamshape again")


def _find(weights: str) -> Path:
    path = Path(weights).expanduser()
    if path.is_dir():
        graphs = sorted(path.glob("*.xml"))
        if len(graphs) != 1:
            raise WeightsError(
                f"segment.weights {weights}: expected one OpenVINO .xml in this folder, found {len(graphs)}"
            )
        path = graphs[0]
    if not path.is_file():
        raise WeightsError(
            f"segment.weights {weights}: no such file; give a path, or a bundled name "
            f"({', '.join(bundled_names())})"
        )
    added = added_suffixes()
    if path.suffix.lower() not in (*_KINDS, *added):
        known = ", ".join((".pt", ".onnx", *added))
        raise WeightsError(
            f"segment.weights {weights}: unknown kind of file; expected {known} or an OpenVINO folder"
        )
    if path.suffix.lower() == ".xml" and not path.with_suffix(".bin").is_file():
        raise WeightsError(f"segment.weights {weights}: {path.stem}.bin is missing beside {path.name}")
    return path


def _content_sha256(path: Path) -> str:
    files = [path]
    if path.suffix.lower() == ".xml":
        files += [p for p in (path.with_suffix(".bin"), path.with_name("metadata.yaml")) if p.exists()]
    stamps = tuple((str(p), p.stat().st_size, p.stat().st_mtime_ns) for p in files)
    return _hash_files(stamps)


@lru_cache(maxsize=32)
def _hash_files(stamps: tuple[tuple[str, int, int], ...]) -> str:
    digests = []
    for name, _, _ in stamps:
        try:
            with Path(name).open("rb") as handle:
                digests.append(hashlib.file_digest(handle, "sha256").hexdigest())
        except OSError as error:
            raise WeightsError(f"segment.weights {name}: cannot read ({error.strerror})") from error
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
