"""Cached properties without a lock."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from functools import cached_property as cached_property  # noqa: PLC0414 - exported
else:

    class cached_property(functools.cached_property):  # noqa: N801 - used as the one that it replaces
        """A property that is computed when it is first read, without a lock.

        Before Python 3.12, `functools.cached_property` takes a lock that all instances share. A process that is forked
        while another thread holds it would wait for ever. Here two threads may compute the same value; the last one is
        kept.
        """

        def __get__(self, instance: Any, owner: type[Any] | None = None) -> Any:
            """Compute the value, and keep it among the instance's attributes."""
            assert self.attrname is not None
            value = instance.__dict__[self.attrname] = self.func(instance)
            return value
