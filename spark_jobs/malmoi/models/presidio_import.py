"""Importing presidio in a third of a second.

``import presidio_analyzer`` loads spaCy, and with it transformers and torch where they are installed: measured 12 s.
Malmoi's engines use none of the three, presidio needs spaCy's classes only when an engine of spaCy's is made. So while
presidio is imported, transformers and torch count as not installed (presidio treats them as optional), and what is
taken from spaCy is a name that finds the real thing when it is first used. The same goes for what presidio has that the
one engine of every process does not use: its hundred shipped recognizers and the checks of its configuration files
(pydantic), 0.9 s more. Presidio looks its recognizers up among the classes that exist: who wants its default registry
imports ``presidio_analyzer.predefined_recognizers`` first. Afterwards ``import spacy`` is the real one.
What presidio registers with spaCy waits for that moment too. A process that has spaCy already keeps it.
"""

import importlib
import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_OPTIONAL = ("transformers", "torch", "stanza", "langextract")
_DEFERRED = (
    "spacy",
    "thinc",
    "presidio_analyzer.predefined_recognizers",
    "presidio_analyzer.input_validation",
    "presidio_analyzer.nlp_engine.ner_model_configuration",
)


_waiting: list[Callable[[], Any]] = []
"""Registrations that are made once spaCy is there."""


class _Name(type):
    """A name of theirs that is looked up when it is called, asked for an attribute or for its instances."""

    def _real(cls) -> Any:
        real = getattr(importlib.import_module(cls.__module__), cls.__name__)
        while _waiting:
            _waiting.pop()()
        return real

    def __call__(cls, *arguments: Any, **named: Any) -> Any:
        return cls._real()(*arguments, **named)

    def __getattr__(cls, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        if isinstance(sys.modules.get(cls.__module__), _Module):
            return cls._registering(attribute)
        return getattr(cls._real(), attribute)

    def _registering(cls, table: str) -> Callable[..., Any]:
        """The decorator ``@registry.table(name)``, carried out later."""

        def decorator(*arguments: Any, **named: Any) -> Callable[[Any], Any]:
            def keep(function: Any) -> Any:
                _waiting.append(lambda: getattr(cls._real(), table)(*arguments, **named)(function))
                return function

            return keep

        return decorator

    def __instancecheck__(cls, instance: Any) -> bool:
        module = sys.modules.get(cls.__module__)  # of a class that was never loaded there is no instance
        return module is not None and not isinstance(module, _Module) and isinstance(instance, cls._real())


class _Module(ModuleType):
    """A module whose names are all deferred."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if self.__name__ not in sys.modules or not isinstance(sys.modules[self.__name__], _Module):
            return getattr(importlib.import_module(self.__name__), name)
        return _Name(name, (), {"__module__": self.__name__})


class _Finder(MetaPathFinder, Loader):
    """Answers for the deferred modules and for the optional packages while presidio is imported."""

    def __init__(self) -> None:
        self.deferred = [name for name in _DEFERRED if name not in sys.modules]

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        package = name.partition(".")[0]
        if package in _OPTIONAL and package not in sys.modules:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        if not any(name == deferred or name.startswith(f"{deferred}.") for deferred in self.deferred):
            return None
        return ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run: names are made when they are asked for."""


def presidio() -> ModuleType:
    """The module ``presidio_analyzer``."""
    if "presidio_analyzer" in sys.modules:
        return sys.modules["presidio_analyzer"]
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        return importlib.import_module("presidio_analyzer")
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name, module in sys.modules.items() if isinstance(module, _Module)]:
            del sys.modules[name]
            parent, _, attribute = name.rpartition(".")
            if parent in sys.modules:
                vars(sys.modules[parent]).pop(attribute, None)
