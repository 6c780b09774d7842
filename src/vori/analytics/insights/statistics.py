"""Student's t from scipy."""

from __future__ import annotations

import math

from scipy import special


def t_reach(level: float, df: float) -> float:
    """How many standard errors a two-sided interval reaches that misses the truth in the share `level` of cases."""
    return -float(special.ndtri(level / 2) if math.isinf(df) else special.stdtrit(df, level / 2))


def t_chance(distance: float, df: float) -> float:
    """How often chance alone goes so many standard errors away, or further, to either side."""
    away = -abs(distance)
    return 2 * float(special.ndtr(away) if math.isinf(df) else special.stdtr(df, away))
