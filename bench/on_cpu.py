"""For a rival's own Python: run its script with faster-whisper held to the processor, int8, no download.

    OMP_NUM_THREADS=1 python on_cpu.py SCRIPT [ARGUMENT …]

Some scripts name a GPU in their code; with this they run as they are.
"""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path
from typing import Any

import faster_whisper


class OnCpu(faster_whisper.WhisperModel):  # type: ignore[misc]
    def __init__(self, model: str, **_: Any) -> None:
        threads = int(os.environ["OMP_NUM_THREADS"])
        super().__init__(model, device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True)


if __name__ == "__main__":
    faster_whisper.WhisperModel = OnCpu
    del sys.argv[0]
    sys.path[0] = str(Path(sys.argv[0]).parent)
    runpy.run_path(sys.argv[0], run_name="__main__")
