"""Put a trained network among the bundled ones: half precision, nothing in it but the network itself.

    python scripts/bundle_weights.py runs/train1/weights/last.pt football-seg-n

What ultralytics keeps beside the network (the trainer's folders, the repository's state, results
of the epochs) is left out. Rewrites the file's line in ``SHA256SUMS``; the model card is written by hand.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

from pipeline.core.files import whole_file
from pipeline.networks.convert import bare, read_checkpoint
from pipeline.networks.weights import weights_folder


def main() -> None:
    """Write the file and its checksum."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("source", type=Path)
    parser.add_argument("name", help="such as football-seg-n")
    options = parser.parse_args()
    content = bare(read_checkpoint(options.source))
    import torch

    path = weights_folder() / f"{options.name}.pt"
    with whole_file(path) as part, part.open("wb") as handle:
        torch.save(content, handle)
    sums = weights_folder() / "SHA256SUMS"
    lines = [x for x in sums.read_text().splitlines() if not x.endswith(f"  {path.name}")]
    lines.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}")
    sums.write_text("\n".join(sorted(lines, key=lambda x: x.split()[1])) + "\n", encoding="utf-8")
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
