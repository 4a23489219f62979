"""Reading network files with OpenVINO; every failure is one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.errors import WeightsError
from pipeline.models.quiet import silence_libraries

_ONNX_START = b"\x08"
"""An ONNX file begins with its version: protobuf field 1, a number."""


def read_graph(path: Path, setting: str) -> Any:
    """Read an ``.onnx`` or OpenVINO ``.xml`` as an ``openvino.Model``.

    Raises
    ------
    WeightsError
        Naming ``setting`` and the file. What is no ONNX at all is refused before OpenVINO's readers, which
        write to the terminal, see it.
    """
    silence_libraries()
    import openvino as ov

    with path.open("rb") as handle:
        start = handle.read(1)
    if path.suffix.lower() == ".onnx" and start != _ONNX_START:
        raise WeightsError(f"{setting} {path}: not an ONNX file")
    try:
        return ov.Core().read_model(path)
    except RuntimeError as error:
        reason = str(error).strip().splitlines()[-1]
        raise WeightsError(f"{setting} {path}: OpenVINO cannot read it ({reason})") from error
