"""Training by ultralytics, with masks that nobody vouches for kept out of the mask loss."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from ultralytics import YOLO
from ultralytics import settings as library_settings
from ultralytics.data.dataset import YOLODataset
from ultralytics.engine.trainer import BaseTrainer
from ultralytics.models.yolo.segment import SegmentationTrainer
from ultralytics.utils.loss import v8SegmentationLoss

from pipeline.core.boxes import box_iou
from pipeline.core.types import ProgressCallback
from pipeline.datasets import canonical
from pipeline.datasets.canonical import Label, Sample
from pipeline.training.cpu_bfloat16 import half_precision, in_float32, lay_out
from pipeline.training.segmentation.ball_anchors import BallFirstAssigner
from pipeline.training.segmentation.checkpoint import keep
from pipeline.training.segmentation.semantic_trainer import SemanticTrainer, use_sparse_loss
from pipeline.training.segmentation.settings import TrainSettings, n_threads

_UNTRUSTED = 100
"""Added to the class of a label whose mask is only a guess, on its way from the data set to the loss."""


def fit(
    data: Path,
    out: Path,
    settings: TrainSettings,
    *,
    start: Path | None,
    resume: bool,
    progress: ProgressCallback | None,
) -> None:
    """Run the training; see `pipeline.training.segmentation.training.train`."""
    library_settings.update(sync=False)
    model = _model(settings, start, resume)
    threads = n_threads(settings.threads)

    def set_threads(_: BaseTrainer) -> None:
        torch.set_num_threads(threads)

    def tell(trainer: BaseTrainer) -> None:
        torch.set_num_threads(threads)
        if progress is not None:
            progress(min(trainer.epoch + 1, trainer.epochs), trainer.epochs)

    for event in ("on_pretrain_routine_end", "on_train_start", "on_train_epoch_start", "on_val_start"):
        model.add_callback(event, set_threads)
    model.add_callback("on_fit_epoch_end", tell)
    model.add_callback("on_model_save", keep)
    semantic = settings.task == "semantic"
    model.add_callback("on_train_start", use_sparse_loss if semantic else trust_only_known_masks)
    arguments = _arguments(data, out, settings)
    if resume:  # the rest is in the checkpoint; the folder may have been moved since
        arguments = {"resume": True, "data": str(data), "save_dir": str(out.resolve())}
    trainer = SemanticTrainer if semantic else TrustTrainer
    with half_precision() if _on_cpu(settings) else nullcontext():
        model.train(trainer=trainer, **arguments)


class TrustDataset(YOLODataset):  # type: ignore[misc]
    """YOLO-seg labels, with those whose mask nobody vouches for marked in their class number."""

    def get_labels(self) -> list[dict[str, Any]]:
        """Read the labels as ultralytics does, then mark (in training only: metrics must see none)."""
        labels: list[dict[str, Any]] = super().get_labels()
        if self.augment:
            root = Path(labels[0]["im_file"]).parent
            while root.name != "images":
                root = root.parent
            samples = {s.file: s for s in canonical.load(root.parent).split("train")}
            for item in labels:
                sample = samples[str(Path(item["im_file"]).relative_to(root / "train"))]
                item["cls"] = item["cls"] + _UNTRUSTED * untrusted(item, sample)[:, None]
        return labels


class TrustTrainer(SegmentationTrainer):  # type: ignore[misc]
    """A segmentation trainer that reads its training labels as `TrustDataset`."""

    def preprocess_batch(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Lay the pictures out as the network is."""
        return lay_out(super().preprocess_batch(batch), self.device)

    def build_dataset(self, img_path: str, mode: str = "train", batch: int | None = None) -> Any:
        """Build the data set; for training one that marks untrusted masks."""
        if mode != "train":
            return super().build_dataset(img_path, mode, batch)
        return TrustDataset(
            img_path=img_path,
            imgsz=self.args.imgsz,
            batch_size=batch,
            augment=True,
            hyp=self.args,
            stride=max(int(self.model.stride.max()), 32),
            prefix="train: ",
            task=self.args.task,
            data=self.data,
        )


class TrustLoss(v8SegmentationLoss):  # type: ignore[misc]
    """The usual loss; marked labels teach boxes and classes, not masks, and balls keep their anchors."""

    assigner: Any

    def __init__(self, model: torch.nn.Module) -> None:
        """Take over the library's settings of the assigner."""
        super().__init__(model)
        usual = self.assigner
        self.assigner = BallFirstAssigner(
            usual.topk, usual.num_classes, usual.alpha, usual.beta, usual.stride, usual.eps, usual.topk2
        )

    def loss(self, preds: Any, batch: dict[str, Any]) -> Any:
        """Take the marks off the classes, remember them, and go on as usual."""
        marked = batch["cls"].view(-1) >= _UNTRUSTED
        plain = dict(batch, cls=batch["cls"] % _UNTRUSTED)
        self.trusted = _table(~marked, batch["batch_idx"].view(-1), len(batch["img"]))
        if self.device.type != "cpu":
            return super().loss(preds, plain)
        with torch.autocast("cpu", enabled=False):
            return super().loss(in_float32(preds), plain)

    def calculate_segmentation_loss(
        self, fg_mask: torch.Tensor, masks: torch.Tensor, target_gt_idx: torch.Tensor, *rest: Any
    ) -> Any:
        """As usual, on the anchors whose label's mask is trusted."""
        trusted = self.trusted.to(fg_mask.device)
        known = fg_mask & trusted.gather(1, target_gt_idx.clamp(max=trusted.shape[1] - 1))
        return super().calculate_segmentation_loss(known, masks, target_gt_idx, *rest)


def trust_only_known_masks(trainer: BaseTrainer) -> None:
    """Give a trainer's network the loss that leaves marked masks out."""
    if trainer.device.type == "cpu":
        trainer.model.to(memory_format=torch.channels_last)
    trainer.model.criterion = TrustLoss(trainer.model)


def untrusted(item: dict[str, Any], sample: Sample) -> NDArray[np.float32]:
    """Say for each of ultralytics' labels (1 or 0) whether its mask is a guess, by class and place."""
    out = np.zeros(len(item["cls"]), np.float32)
    doubtful = [x for x in sample.labels if x.mask_source in ("none", "doubtful")]
    if not doubtful or not len(out):
        return out
    scale = np.array([sample.width_px, sample.height_px] * 2)
    centre, size = item["bboxes"][:, :2], item["bboxes"][:, 2:]
    boxes = np.concatenate([centre - size / 2, centre + size / 2], axis=1) * scale
    overlap = box_iou(boxes, np.array([_outline_box(x) for x in sample.labels]))
    guess = np.array([x.mask_source in ("none", "doubtful") for x in sample.labels])
    same = item["cls"].reshape(-1, 1) == np.array([x.class_id for x in sample.labels])
    best = np.where(same, overlap, -1).argmax(axis=1)
    return np.asarray(guess[best], np.float32)


def _outline_box(label: Label) -> tuple[float, float, float, float]:
    if label.mask is None or not label.mask.height:
        return label.box_px
    m = label.mask
    return float(m.left), float(m.top), float(m.left + m.width), float(m.top + m.height)


def _table(values: torch.Tensor, batch_idx: torch.Tensor, n_pictures: int) -> torch.Tensor:
    """Lay values of labels out as (picture, label in picture), False beyond."""
    counts = torch.bincount(batch_idx.long(), minlength=n_pictures)
    out = torch.zeros(n_pictures, max(1, int(counts.max())), dtype=torch.bool)
    for i in range(n_pictures):
        mine = values[batch_idx == i]
        out[i, : len(mine)] = mine
    return out


def _model(settings: TrainSettings, start: Path | None, resume: bool) -> YOLO:
    if settings.task == "semantic" and not resume:
        model = YOLO(f"yolo26{settings.size}-sem.yaml", task="semantic")
        return model.load(str(start)) if start is not None else model
    return YOLO(str(start)) if start is not None else YOLO(f"yolo11{settings.size}-seg.yaml", task="segment")


def _on_cpu(settings: TrainSettings) -> bool:
    return settings.device == "cpu" or (settings.device == "auto" and not torch.cuda.is_available())


def _arguments(data: Path, out: Path, settings: TrainSettings) -> dict[str, Any]:
    cuda = settings.device.startswith("cuda") or (settings.device == "auto" and torch.cuda.is_available())
    return {
        "data": str(data),
        "project": str(out.resolve().parent),
        "name": out.name,
        "exist_ok": True,
        "epochs": settings.epochs,
        "time": settings.hours,
        "imgsz": settings.imgsz,
        "batch": settings.batch,
        "optimizer": "AdamW",
        "lr0": settings.lr,
        "lrf": 0.02,
        "cos_lr": True,
        "warmup_epochs": 0.2,
        "warmup_bias_lr": 0.0,
        "nbs": settings.batch,
        "weight_decay": 0.01,
        "mosaic": settings.mosaic,
        "close_mosaic": max(1, settings.epochs // 5),
        "scale": 0.3,
        "freeze": settings.freeze or None,
        "device": None if settings.device == "auto" else settings.device,
        "amp": "bf16" if cuda else False,
        "workers": settings.workers,
        "seed": settings.seed,
        "plots": False,
        "verbose": False,
        "val": True,
    }
