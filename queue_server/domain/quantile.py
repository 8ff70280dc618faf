"""Quantiles of measured minutes."""

import statistics


def quantile(values: list[float], share: float) -> float | None:
    """The value below which a share lies, interpolated between neighbours; None of no values."""
    if len(values) < 2:
        return round(values[0], 1) if values else None
    percentiles = statistics.quantiles(values, n=100, method="inclusive")
    return round(percentiles[round(share * 100) - 1], 1)
