"""What the corpus' tests share."""

from __future__ import annotations

from hypothesis import settings

# A busy machine is no fault of the guides.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
