"""What one fitted model says about the years ahead: points, spreads or the reason it says nothing."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]

NORMAL_95 = 1.96
"""Two-sided 95 % point of the normal law: a model's own interval is point ± NORMAL_95 * sd."""


class FitRejectionError(Exception):
    """A model that did not converge or gave an absurd path; the message is the reason shown to the reader."""


@dataclass(frozen=True)
class Projection:
    """Points and standard deviations at horizons 1..H on the original scale."""

    points: Floats
    sd: Floats

    @property
    def half_spread(self) -> Floats:
        """Half the width of the model's own 95 % interval."""
        return NORMAL_95 * self.sd
