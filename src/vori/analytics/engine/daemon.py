"""What Spark forks its Python workers from on this machine: what they all need is loaded once, and its memory shared.

Spark starts it as `python -m vori.analytics.engine.daemon WORKER_MODULE`, in the place of `pyspark.daemon`.
"""

from __future__ import annotations

import gc
import importlib
import sys

from pyspark.daemon import manager

NEEDED = (
    "pandas",
    "pyarrow",
    "pyspark.worker",
    "pyspark.sql.streaming.stateful_processor_api_client",
    "vori.analytics.engine.floor",
    "vori.analytics.engine.source",
)
"""By those workers of which there are many."""

if __name__ == "__main__":
    if sys.argv[1] == "pyspark.worker":
        for name in NEEDED:
            importlib.import_module(name)
        gc.freeze()  # else each worker's collections would copy what they only look at
    manager()
