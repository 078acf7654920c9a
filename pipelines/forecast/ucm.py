"""A wandering level with a fixed drift and observation noise, as an unobserved-components model."""

import warnings

import numpy as np

from pipelines.forecast.projection import FitRejectionError, Floats, Projection


def project(history: Floats, horizon: int) -> Projection:
    """Fit and extend a local level with deterministic drift.

    Raises:
        FitRejectionError: the optimiser did not converge.
    """
    from statsmodels.tools.sm_exceptions import ModelWarning  # noqa: PLC0415 - statsmodels takes seconds to import
    from statsmodels.tsa.statespace.structural import UnobservedComponents  # noqa: PLC0415 - as above

    scale = float(np.mean(np.abs(history)))
    model = UnobservedComponents(history / scale, "lldtrend")
    with warnings.catch_warnings():
        # statsmodels repeats as a warning what mle_retvals says, and that is read below
        warnings.simplefilter("ignore", ModelWarning)
        fitted = model.fit(disp=False, maxiter=200)
    if not fitted.mle_retvals["converged"]:
        raise FitRejectionError("the optimiser did not converge")
    ahead = fitted.get_forecast(horizon)
    return Projection(np.asarray(ahead.predicted_mean) * scale, np.asarray(ahead.se_mean) * scale)
