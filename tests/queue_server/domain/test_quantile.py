"""Quantiles as a person would reckon them."""

import pytest

from queue_server.domain.quantile import quantile


@pytest.mark.parametrize(("share", "value"), [(0.5, 50.0), (0.9, 90.0), (0.01, 1.0), (0.99, 99.0)])
def test_of_the_numbers_from_0_to_100_each_percentile_is_itself(share: float, value: float) -> None:
    assert quantile([float(number) for number in range(101)], share) == value


def test_between_two_values_it_is_interpolated_and_told_to_a_tenth() -> None:
    assert quantile([1.0, 2.25], 0.5) == 1.6
    assert quantile([4.0, 2.0], 0.5) == 3.0


def test_one_value_is_every_quantile_and_none_has_none() -> None:
    assert quantile([3.27], 0.9) == 3.3
    assert quantile([], 0.9) is None
