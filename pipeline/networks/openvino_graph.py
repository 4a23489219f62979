"""Reading network files with OpenVINO; every failure is one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.core.errors import WeightsError
from pipeline.networks.quiet import silence_libraries

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


def compiled_f32(steps: Any, threads: int) -> Any:
    """Compile a ``PrePostProcessor`` for the CPU in float32, one picture at a time; 0 threads is all cores.

    Returns
    -------
    An ``openvino.InferRequest``.
    """
    import openvino as ov

    settings: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
    if threads:
        settings["INFERENCE_NUM_THREADS"] = threads
    return ov.Core().compile_model(steps.build(), "CPU", settings).create_infer_request()


def sizes(ports: Any) -> list[tuple[int, ...]]:
    """Give the shape of each input or output of a graph, free sides as -1."""
    return [tuple(d.get_length() if d.is_static else -1 for d in port.partial_shape) for port in ports]


def fed_with_pictures(graph: Any) -> Any:
    """Bake into ``graph`` that its input is ``(N, H, W, 3)`` uint8 BGR, as OpenCV has it.

    Returns
    -------
    The ``PrePostProcessor``, to which more may be added before ``build()``.
    """
    import openvino as ov
    from openvino.preprocess import ColorFormat, PrePostProcessor

    steps = PrePostProcessor(graph)
    picture = steps.input(0)
    picture.tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC")).set_color_format(
        ColorFormat.BGR
    )
    picture.model().set_layout(ov.Layout("NCHW"))
    picture.preprocess().convert_element_type(ov.Type.f32).convert_color(ColorFormat.RGB).scale(255.0)
    return steps


def cpu_name() -> str:
    """What OpenVINO calls the processor that it computes on."""
    silence_libraries()
    import openvino as ov

    return str(ov.Core().get_property("CPU", "FULL_DEVICE_NAME"))
