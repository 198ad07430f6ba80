"""Screening of people with a sore back against rulebooks of stretching guidance.

Only the names in `__all__`, `backscreen.testing` and the pytest plugin are public.

backscreen is information, not medical advice and not a medical device.
"""

# Type checkers treat this name as true. Importing `typing` would take longer than the rest of this module.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from backscreen.api import *  # noqa: F403 - `__all__` lists the public names
    from backscreen.api import __all__ as __all__

    __version__: str
else:
    # The program imports this package before it can handle Ctrl-C, so the import must be fast.

    def __getattr__(name: str) -> object:
        """Load the public names when the first of them is used."""
        if name == "__version__":
            from importlib.metadata import version

            return version("backscreen")
        if name == "__all__" or not name.startswith("_"):
            from importlib import import_module

            api = import_module("backscreen.api")
            globals().update({public: getattr(api, public) for public in ("__all__", *api.__all__)})
            if name in globals():
                return globals()[name]
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)

    def __dir__() -> list[str]:
        return sorted({*globals(), *__getattr__("__all__")})
