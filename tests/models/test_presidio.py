"""Presidio holds one Korean recognizer; the gates drop no hit."""

import subprocess
import sys

import pyarrow as pa
import pytest

from malmoi.models import presidio
from malmoi.text.pii import find, rules

EXAMPLES = [
    example.replace("⟦", "").replace("⟧", "")
    for family in rules.STRUCTURED + rules.COSTLY
    for example in (*family.POSITIVES, *family.NEAR_MISSES)
]


def test_gated_engine_finds_what_the_rules_find() -> None:
    assert presidio.find(EXAMPLES) == [find(text) for text in EXAMPLES]


def test_arrow_and_list_agree() -> None:
    assert presidio.find(pa.array(EXAMPLES)) == presidio.find(EXAMPLES)


def test_null_empty_and_lone_surrogate() -> None:
    assert presidio.find(pa.array(["", None, "전화 010-2345-6789"]))[:2] == [[], []]
    spans = presidio.find(["\ud800 전화 010-2345-6789", None, ""])
    assert [[(span.start, span.entity) for span in found] for found in spans] == [[(5, "phone")], [], []]
    assert presidio.find([]) == []


def test_min_score_and_structured_half() -> None:
    text = "예금주 한하수 연락 010-2345-6789"
    assert {span.entity for span in presidio.find([text])[0]} == {"name", "phone"}
    assert {span.entity for span in presidio.find([text], costly=False)[0]} == {"phone"}
    assert presidio.find([text], min_score=0.99) == [[]]


def test_one_recognizer_one_engine() -> None:
    engine = presidio.engine()
    assert engine is presidio.engine()
    assert [recognizer.name for recognizer in engine.registry.recognizers] == ["KoreanRecognizer"]


def test_the_first_answer_loads_nothing_that_it_does_not_use() -> None:
    code = (
        "import sys; from malmoi.models import presidio; presidio.find(['전화 010-2345-6789']);"
        "heavy = {'pydantic', 'requests', 'tldextract', 'phonenumbers', 'spacy', 'torch', 'kiwipiepy'} & set(sys.modules);"
        "assert not heavy, heavy;"
        "import presidio_analyzer.predefined_recognizers as shipped; assert shipped.EmailRecognizer().load() is None;"
        "registry = sys.modules['presidio_analyzer'].RecognizerRegistry(supported_languages=['en']);"
        "registry.load_predefined_recognizers(languages=['en']); assert len(registry.recognizers) > 5"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=300)


@pytest.mark.slow
def test_import_leaves_heavy_packages_out_and_spacy_usable() -> None:
    code = (
        "import sys; from malmoi.models import presidio; presidio.engine();"
        "assert not {'torch', 'transformers', 'spacy'} & set(sys.modules), 'heavy';"
        "from presidio_analyzer.nlp_engine import NoOpNlpEngine;"
        "e = NoOpNlpEngine([{'lang_code': 'ko', 'model_name': 'x'}]); e.load();"
        "assert type(e.process_text('가', 'ko').tokens).__module__.startswith('spacy');"
        "import spacy; assert spacy.blank('en')"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=300)
