"""Turn a ``.pt`` into an OpenVINO graph once, and keep it: later runs never import torch."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from pipeline.core.errors import WeightsError
from pipeline.core.files import to_disk, whole_file
from pipeline.networks.quiet import cache_folder, no_usage_events, silence_libraries
from pipeline.networks.weights import Weights

if TYPE_CHECKING:
    import torch

_DIGESTS = "sha256.json"
_RECIPE = 1
"""Grows when the conversion changes, so that older graphs are made again."""


def openvino_graph(weights: Weights) -> Path:
    """Give the OpenVINO graph (``.xml``) of a ``.pt``, converting it if the cache has none.

    The graph has free batch and input size, takes RGB 0..1 in NCHW, and lies beside a ``metadata.yaml``
    with its class names, as ultralytics' own exports do.

    Raises
    ------
    WeightsError
        If the file is unreadable or not a segmentation network.
    """
    key = "-".join(
        [weights.sha256, str(_RECIPE), *(version(p) for p in ("openvino", "ultralytics", "torch"))]
    )
    folder = cache_folder() / f"{weights.path.stem}-{hashlib.sha256(key.encode()).hexdigest()[:16]}"
    graph = folder / "model.xml"
    if _intact(folder):
        return graph
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        part = Path(scratch) / "graph"
        part.mkdir()
        _convert(weights.path, part)
        (part / _DIGESTS).write_text(json.dumps(_digests(part)), encoding="utf-8")
        for file in part.iterdir():
            to_disk(file)
        if folder.exists() and not _intact(folder):  # damaged, or without digests of an older version
            folder.rename(Path(scratch) / "damaged")
        try:
            part.rename(folder)
        except OSError:  # another process was faster
            if not _intact(folder):
                raise
    return graph


def converted(folder: Path) -> dict[str, bool]:
    """Name the converted networks in the cache ``folder``, and say of each whether it is whole."""
    return {p.name: _intact(p) for p in sorted(folder.iterdir()) if (p / "model.xml").exists()}


def _digests(folder: Path) -> dict[str, str]:
    out = {}
    for file in sorted(folder.iterdir()):
        if file.name != _DIGESTS:
            with file.open("rb") as handle:
                out[file.name] = hashlib.file_digest(handle, "sha256").hexdigest()
    return out


def _intact(folder: Path) -> bool:
    """Say whether a converted network lies there whole: flipped bits would find fewer people, silently."""
    try:
        known = json.loads((folder / _DIGESTS).read_text(encoding="utf-8"))
        return bool(known) and known == _digests(folder)
    except (OSError, ValueError):
        return False


def load_torch(path: Path) -> tuple[torch.nn.Module, tuple[str, ...]]:
    """Load an ultralytics segmentation network for inference, float32 on the CPU; and its class names.

    Raises
    ------
    WeightsError
        If the file is unreadable or not a segmentation network.
    """
    model = read_torch(path)
    head: Any = model.model[-1]
    head.end2end = False  # heads without NMS inside also give the plain predictions
    head.export, head.dynamic, head.format = True, True, "openvino"
    return ready(model), class_names(model)


def read_torch(path: Path) -> Any:
    """Read an ultralytics segmentation network as it was trained, float32 on the CPU.

    Raises
    ------
    WeightsError
        If the file is unreadable or not a segmentation network.
    """
    model = read_checkpoint(path)
    task = getattr(model, "task", None)
    if task != "segment":
        semantic = "a semantic network, which tells no people apart: for teamshape image and evaluate only"
        what = semantic if task == "semantic" else f"a network for {task or 'something else'}"
        raise WeightsError(f"segment.weights {path}: {what}; expected one for segmentation (-seg)")
    return model


def read_checkpoint(path: Path) -> Any:
    """Read any network of ultralytics as it was trained, float32 on the CPU.

    Raises
    ------
    WeightsError
        If the file is unreadable.
    """
    silence_libraries()
    import pickle

    from ultralytics.nn.tasks import load_checkpoint

    try:
        model, _ = load_checkpoint(path)
    except (
        TypeError,
        KeyError,
        AttributeError,
        ImportError,
        RuntimeError,
        EOFError,
        OSError,
        pickle.UnpicklingError,
    ) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise WeightsError(
            f"segment.weights {path}: not readable as an ultralytics .pt ({reason})"
        ) from error
    return model


def save_torch(what: Any, path: Path) -> None:
    """Write what torch saves, whole or not at all; from memory, since torch hides why a disk refused it.

    Raises
    ------
    RunError
        If the disk is full or the folder cannot be written.
    """
    import torch

    made = io.BytesIO()
    torch.save(what, made)
    with whole_file(path) as part:
        part.write_bytes(made.getbuffer())


def ready(model: Any) -> Any:
    """Make a network ready to run, in place: no gradients, batch norms folded into convolutions."""
    model.eval().requires_grad_(False)
    model.fuse(verbose=False)
    return model


def bare(model: Any) -> dict[str, Any]:
    """Make a checkpoint of an ultralytics network in half precision, and of nothing else.

    The trainer's folders and arguments, which it carries along, stay out.
    """
    for name in ("args", "pt_path", "criterion"):
        if hasattr(model, name):
            delattr(model, name)
    model.yaml.pop("yaml_file", None)
    return {"model": model.half(), "train_args": {"task": model.task}, "license": "AGPL-3.0"}


def class_names(model: Any) -> tuple[str, ...]:
    """The classes of an ultralytics network, in order."""
    names = model.names
    return tuple(names[i] for i in sorted(names)) if isinstance(names, dict) else tuple(names)


def _convert(path: Path, folder: Path) -> None:
    model, names = load_torch(path)
    import openvino as ov
    import torch

    picture = torch.zeros(1, 3, 384, 640)
    with torch.no_grad(), warnings.catch_warnings(), no_usage_events():
        warnings.simplefilter("ignore")
        model(picture)
        traced = torch.jit.trace(model, picture, strict=False, check_trace=False)
        graph = ov.convert_model(traced, example_input=picture)
    ov.save_model(graph, folder / "model.xml", compress_to_fp16=False)
    metadata = {"task": "segment", "names": dict(enumerate(names)), "source": path.name}
    (folder / "metadata.yaml").write_text(yaml.safe_dump(metadata), encoding="utf-8")
