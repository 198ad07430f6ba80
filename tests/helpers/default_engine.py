"""The engine that screens by default on this machine."""

from importlib.util import find_spec

from backscreen.engines.durable.adapter import DurableEngine
from backscreen.engines.python.compiled_engine import CompiledEngine

DEFAULT_ENGINE: type[DurableEngine | CompiledEngine] = CompiledEngine if find_spec("durable") is None else DurableEngine
"""durable_rules cannot be installed everywhere."""
