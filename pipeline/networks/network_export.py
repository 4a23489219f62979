"""Write a network in another form: OpenVINO (float32, int8), ONNX, TensorRT."""

from __future__ import annotations

import re
import shutil
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import UserError, WeightsError
from pipeline.core.files import whole_file
from pipeline.networks import letterbox
from pipeline.networks.convert import load_torch, openvino_graph
from pipeline.networks.quiet import no_usage_events, silence_libraries
from pipeline.networks.weights import Weights

Format = Literal["openvino", "openvino-int8", "onnx", "tensorrt"]
FORMATS: tuple[Format, ...] = ("openvino", "openvino-int8", "onnx", "tensorrt")
_OPSET = 17


def export(
    weights: Weights, fmt: Format, out: Path, pictures: Iterator[NDArray[np.uint8]], imgsz: int
) -> Path:
    """Write ``weights`` in the form ``fmt`` into the folder ``out``; gives what `weights.resolve` takes.

    Parameters
    ----------
    pictures
        ``(H, W, 3)`` uint8 BGR to calibrate int8 with; other forms need none.
    imgsz
        Longer side of the input that int8 is calibrated at, px. All forms but TensorRT take any size.

    Raises
    ------
    WeightsError
        If the source is no ``.pt`` or unreadable.
    UserError
        If a package or GPU that the form needs is not there.
    """
    if weights.kind != "torch":
        raise WeightsError(
            f"{weights.path}: only a .pt can be exported; give the file that this was made from"
        )
    out.mkdir(parents=True, exist_ok=True)
    if fmt == "onnx":
        return _onnx(weights, out / f"{weights.path.stem}.onnx")
    if fmt == "tensorrt":
        return _tensorrt(weights, out, imgsz)
    folder = out / f"{weights.path.stem}-{fmt}"
    folder.mkdir(exist_ok=True)
    if fmt == "openvino":
        source = openvino_graph(weights).parent
        for name in ("model.bin", "metadata.yaml", "model.xml"):
            with whole_file(folder / name) as part:
                shutil.copyfile(source / name, part)
    else:
        _int8(weights, folder, pictures, imgsz)
    return folder


def float_layers(op_names: Sequence[str]) -> list[str]:
    """Patterns of what stays in float: boxes' distances, scores, coefficients and prototypes at the very end.

    There a step of an int8 scale is several pixels or points of score; the layers cost next to nothing.

    Raises
    ------
    WeightsError
        If the network's head is not that of a YOLO segmentation network.
    """
    head = next((m.group(1) for n in op_names if (m := re.match(r"(.*model\.\d+)\.dfl", n))), None)
    if head is None:
        raise WeightsError("int8: this network has no YOLO head with distances (DFL); export it as openvino")
    plain = re.escape(head)
    return [rf"{plain}/.*", rf"{plain}\.dfl.*", rf"{plain}\.cv[234]\.\d\.2/.*", rf"{plain}\.proto\.cv3.*"]


def _int8(weights: Weights, folder: Path, pictures: Iterator[NDArray[np.uint8]], imgsz: int) -> None:
    """Quantise after training, activations and weights of all but `float_layers`."""
    try:
        silence_libraries()
        with no_usage_events():
            import nncf
            from nncf.common.logging.logger import disable_logging
    except ImportError as error:
        raise UserError("openvino-int8 needs nncf: pip install 'teamshape[int8]'") from error
    import openvino as ov

    source = openvino_graph(weights)
    graph = ov.Core().read_model(source)
    inputs = [_input(image, imgsz) for image in pictures]
    if not inputs:
        raise UserError("openvino-int8 needs pictures to calibrate with: give a data set with --data")
    ignored = nncf.IgnoredScope(
        patterns=float_layers([op.get_friendly_name() for op in graph.get_ops()]), validate=False
    )
    disable_logging()
    quantised = nncf.quantize(
        graph,
        nncf.Dataset(inputs),
        preset=nncf.QuantizationPreset.MIXED,
        subset_size=len(inputs),
        ignored_scope=ignored,
    )
    ov.save_model(quantised, folder / "model.xml", compress_to_fp16=False)
    shutil.copyfile(source.with_name("metadata.yaml"), folder / "metadata.yaml")


def _input(image: NDArray[np.uint8], imgsz: int) -> NDArray[np.float32]:
    """What the graph takes for a picture: ``(1, 3, h, w)`` RGB 0 to 1."""
    box = letterbox.fit((image.shape[0], image.shape[1]), imgsz)
    rgb = letterbox.apply(image, box)[:, :, ::-1].transpose(2, 0, 1)
    return np.ascontiguousarray(rgb[None], dtype=np.float32) / np.float32(255)


def _onnx(weights: Weights, path: Path) -> Path:
    try:
        import onnx
    except ImportError as error:
        raise UserError("onnx needs the package onnx: pip install onnx") from error
    model, names = load_torch(weights.path)
    import torch

    free = {0: "batch", 2: "height", 3: "width"}
    axes = {"images": free, "output0": {0: "batch", 2: "anchors"}, "output1": free}
    with whole_file(path) as part:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                model,
                (torch.zeros(1, 3, 384, 640),),
                str(part),
                dynamo=False,
                opset_version=_OPSET,
                input_names=["images"],
                output_names=["output0", "output1"],
                dynamic_axes=axes,
            )
        graph = onnx.load(str(part))
        onnx.helper.set_model_props(graph, {"task": "segment", "names": str(dict(enumerate(names)))})
        onnx.save(graph, str(part))
    return path


def _tensorrt(weights: Weights, out: Path, imgsz: int) -> Path:
    """Build an engine from ONNX on the GPU that it will run on, half precision, batch 1 to 8."""
    try:
        import tensorrt as trt
        import torch
    except ImportError as error:
        raise UserError("tensorrt needs the package tensorrt: pip install 'teamshape[gpu]'") from error
    if not torch.cuda.is_available():
        raise UserError("tensorrt needs an NVIDIA GPU, and there is none here; use --format openvino or onnx")
    source = _onnx(weights, out / f"{weights.path.stem}.onnx")
    logger = trt.Logger(trt.Logger.ERROR)
    builder = trt.Builder(logger)
    network = builder.create_network(0)
    parser = trt.OnnxParser(network, logger)
    if not parser.parse(source.read_bytes()):
        raise WeightsError(f"{source}: TensorRT cannot read it ({parser.get_error(0)})")
    config, profile = builder.create_builder_config(), builder.create_optimization_profile()
    height, width = letterbox.fit((1080, 1920), imgsz).input_hw
    profile.set_shape("images", (1, 3, height, width), (1, 3, height, width), (8, 3, height, width))
    config.add_optimization_profile(profile)
    config.set_flag(trt.BuilderFlag.FP16)
    engine = builder.build_serialized_network(network, config)
    if engine is None:
        raise WeightsError(f"{source}: TensorRT could not build an engine from it")
    path = out / f"{weights.path.stem}.engine"
    with whole_file(path) as part:
        part.write_bytes(bytes(engine))
    return path
