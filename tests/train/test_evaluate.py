"""Bits per byte: the same number by hand, on documents that are held out, and errors in one line."""

import math
import subprocess
import sys

import pyarrow.parquet as pq
import pytest
import torch
from tests.train.corpus import make_recipe, training_run

from malmoi.contracts.errors import InputError
from malmoi.contracts.tokens import TokensManifest
from malmoi.contracts.training import CHECKPOINTS
from malmoi.train import checkpoint
from malmoi.train.evaluate import describe, evaluate
from malmoi.train.model import Decoder
from malmoi.train.tokens import open_tokens
from malmoi.train.trainer import shape_of


@pytest.fixture
def run(packed):
    lake, _, path = packed
    run = training_run(lake, path, make_recipe(), again=90)
    torch.manual_seed(5)
    model = Decoder(shape_of(run.train, TokensManifest.load(path).tokenizer["vocabulary"]))
    checkpoint.save(run.folder / CHECKPOINTS, 7, {"model": model.state_dict(), "optimizer": {}}, keep=1)
    return run


def by_hand(run, lake, path, source: str) -> float:
    """Bits per byte, one document and one piece at a time."""
    manifest = TokensManifest.load(path)
    model = Decoder(shape_of(run.train, manifest.tokenizer["vocabulary"])).eval()
    model.load_state_dict(checkpoint.latest(run.folder / CHECKPOINTS)[1]["model"])
    nats, size = 0.0, 0
    for file in (file for file in manifest.of("held_out") if file.source == source):
        ids = torch.tensor(open_tokens(lake.join(file.prefix)).ids.astype("int64"))
        for row in pq.read_table(lake.join(file.prefix + ".lineage.parquet")).to_pylist():
            document = ids[row["offset"] : row["offset"] + row["tokens"]]
            size += row["bytes"]
            for piece in document.split(run.train.sequence_tokens):
                inputs = torch.cat((torch.tensor([manifest.end_of_document]), piece[:-1]))
                with torch.no_grad():
                    logs = model.logits(inputs[None])[0].log_softmax(-1)
                nats -= float(logs[torch.arange(len(piece)), piece].sum())
    return nats / math.log(2) / size


def test_the_number_is_the_one_by_hand(run, packed):
    lake, _, path = packed
    result = evaluate(run, 1_000, 1)
    manifest = TokensManifest.load(path)
    assert result["step"] == 7
    for source in ("kin", "web"):
        entry = result["sources"][source]
        assert entry["bits_per_byte"] == pytest.approx(by_hand(run, lake, path, source), abs=2e-4)
        assert entry["documents"] == manifest.sources[source]["held_out"]["documents"] > 0
    assert result["all"]["bytes"] == sum(entry["bytes"] for entry in result["sources"].values())
    assert "web" in describe(result)


def test_few_documents_and_none(run):
    result = evaluate(run, 2, 1)
    assert {entry["documents"] for entry in result["sources"].values()} == {2}
    assert result["choices"]["all"]["questions"] == 5 and "particles" in describe(result)
    none = evaluate(run, 0, 1)
    assert none["all"]["bits_per_byte"] is None and "none" in describe(none)


def test_without_a_checkpoint(packed):
    lake, _, path = packed
    with pytest.raises(InputError, match="no checkpoint to evaluate; train first"):
        evaluate(training_run(lake, path, make_recipe(), again=91), 10)


@pytest.mark.parametrize(
    "module", ["tokenizer", "packing", "launch", "trainer", "evaluate", "export", "tokenizer_report"]
)
def test_every_command_explains_itself(module, root):
    done = subprocess.run(
        [sys.executable, "-m", f"malmoi.train.{module}", "--help"], capture_output=True, text=True, check=False,
        cwd=root / "spark_jobs",
    )  # fmt: skip
    assert done.returncode == 0 and "--" in done.stdout


@pytest.mark.slow
def test_an_exported_run_loads_in_transformers(run, packed, tmp_path):
    transformers = pytest.importorskip("transformers")
    from malmoi.stages.pack import encoder
    from malmoi.train.export import export

    lake, _, path = packed
    manifest = TokensManifest.load(path)
    assert export(run, tmp_path) == 7
    theirs = transformers.AutoModelForCausalLM.from_pretrained(tmp_path).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(tmp_path)
    text = "도서관 사서는 비가 오는 날이면 오래된 지도를 천천히 들여다본다."
    ids = tokenizer(text, return_tensors="pt", add_special_tokens=False)["input_ids"]
    use = encoder(lake.join(manifest.tokenizer["path"]))
    assert ids[0].tolist() == list(memoryview(use.encode([text])[0]).cast("H"))
    assert tokenizer.decode(ids[0]) == text
    ours = Decoder(shape_of(run.train, manifest.tokenizer["vocabulary"])).eval()
    ours.load_state_dict(checkpoint.latest(run.folder / CHECKPOINTS)[1]["model"])
    length = run.train.sequence_tokens
    with torch.no_grad():
        assert torch.allclose(ours.logits(ids[:, :length]), theirs(ids[:, :length]).logits, atol=1e-4)
