"""How the tests draw examples: the same ones each time, without a deadline, so that a slow machine changes nothing."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=40,
    # A unit takes long to make: a failure shows the unit as it is; `--hypothesis-profile search` makes it small.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile(
    "search", parent=settings.get_profile("ci"), derandomize=False, max_examples=400, phases=tuple(Phase)
)
settings.load_profile("ci")
