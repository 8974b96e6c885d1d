"""Personal data through presidio: gates over the batch, then one engine with one Korean recognizer.

Most texts hold nothing that looks like personal data. The gates (``text/pii/gates.py``) say which may, and for which
families of rules; only those meet the rules. Presidio's cost grows with the number of recognizers (about 8 µs a text each),
so one recognizer returns all entities.
"""

from functools import lru_cache
from types import ModuleType
from typing import TYPE_CHECKING

import pyarrow as pa

from malmoi.contracts.recipe.privacy import ENTITIES
from malmoi.models.presidio_import import presidio
from malmoi.text.pii import Span, gates, rules

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine

LANGUAGE = "ko"
_NAME = "KoreanRecognizer"


def find(texts: pa.StringArray | list[str], min_score: float = 0.0, costly: bool = True) -> list[list[Span]]:
    """Spans of every text, in order; each list sorted and free of overlaps. A null is an empty text.

    ``min_score``: surer spans only. ``costly``: also names, addresses and ids, which cost most of the time.
    """
    texts = [text or "" for text in (texts if isinstance(texts, list) else texts.to_pylist())]
    return [
        _analyze(text, _entities(tuple(families), costly), min_score) if families else []
        for text, families in zip(texts, gates.families(texts, costly), strict=True)
    ]


@lru_cache(maxsize=1024)
def _entities(families: tuple[ModuleType, ...], costly: bool) -> list[str]:
    entities = {entity.upper() for family in families for entity in family.ENTITIES}
    return sorted(entities | {rules.NEAR_NAME.upper()} if costly else entities)


def _analyze(text: str, entities: list[str], min_score: float) -> list[Span]:
    results = engine().analyze(text, LANGUAGE, entities=entities, score_threshold=min_score)
    return sorted(Span(result.start, result.end, result.entity_type.lower(), result.score) for result in results)


@lru_cache(maxsize=1)
def engine() -> "AnalyzerEngine":
    """The engine of this process: no NLP model, one recognizer."""
    analyzer = presidio()
    registry = analyzer.RecognizerRegistry(recognizers=[_recognizer()], supported_languages=[LANGUAGE])
    return analyzer.AnalyzerEngine(registry=registry, nlp_engine=no_language_model(), supported_languages=[LANGUAGE])


def no_language_model():
    """An NLP engine that says nothing about a text; unlike presidio's own it makes no spaCy document a text."""
    from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

    class NoLanguageModel(NlpEngine):
        def __init__(self) -> None:
            self.nothing = NlpArtifacts([], [], [], [], None, LANGUAGE)  # type: ignore[arg-type]  # declared for spaCy's Doc only

        def load(self) -> None:
            """Nothing to load."""

        def is_loaded(self) -> bool:
            return True

        def process_text(self, text: str, language: str) -> NlpArtifacts:
            return self.nothing

        def process_batch(self, texts, language, batch_size=1, n_process=1, as_tuples=False, **options):
            return ((text, self.nothing) for text in texts)

        def is_stopword(self, word: str, language: str) -> bool:
            return False

        def is_punct(self, word: str, language: str) -> bool:
            return False

        def get_supported_entities(self) -> list[str]:
            return []

        def get_supported_languages(self) -> list[str]:
            return [LANGUAGE]

    return NoLanguageModel()


def _recognizer():
    from presidio_analyzer import LocalRecognizer, RecognizerResult

    class KoreanRecognizer(LocalRecognizer):
        """All entities of malmoi.text.pii. Only the rules of the entities that are asked for run."""

        def __init__(self) -> None:
            super().__init__(
                supported_entities=[entity.upper() for entity in (*ENTITIES, rules.NEAR_NAME)],
                name=_NAME,
                supported_language=LANGUAGE,
            )
            self.metadata = {
                RecognizerResult.RECOGNIZER_NAME_KEY: _NAME,
                RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
            }

        def load(self) -> None:
            """Rules are compiled when their modules are imported."""

        def analyze(self, text: str, entities: list[str], nlp_artifacts=None) -> list[RecognizerResult]:
            return [
                RecognizerResult(
                    span.entity.upper(), span.start, span.end, span.score, recognition_metadata=self.metadata
                )
                for span in rules.find(text, [entity.lower() for entity in entities])
            ]

    return KoreanRecognizer()
