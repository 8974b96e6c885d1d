"""A trained run as a folder that ``transformers`` loads: weights, Llama config and tokenizer."""

import argparse
import json
import shutil
import sys
from pathlib import Path

from malmoi.contracts.endings import ending
from malmoi.contracts.manifest import serialise
from malmoi.contracts.paths import Lake
from malmoi.contracts.tokens import TokensManifest
from malmoi.contracts.training import TrainingRun


def export(run: TrainingRun, out: Path) -> int:
    """Writes the newest checkpoint of a run to ``out``; returns its step.

    Raises InputError where the run has no checkpoint.
    """
    from safetensors.torch import save_file

    from malmoi.train.evaluate import load
    from malmoi.train.trainer import shape_of

    lake = Lake(run.lake)
    manifest = TokensManifest.load(lake.join(run.tokens))
    step, model = load(run, manifest)
    out.mkdir(parents=True, exist_ok=True)
    save_file(model.state_dict(), out / "model.safetensors", {"format": "pt"})
    shape = shape_of(run.train, manifest.tokenizer["vocabulary"])
    out.joinpath("config.json").write_bytes(serialise(shape.llama(manifest.end_of_document)))
    tokenizer = Path(lake.join(manifest.tokenizer["path"]))
    shutil.copyfile(tokenizer, out / "tokenizer.json")
    special = [token["content"] for token in json.loads(tokenizer.read_text("utf-8"))["added_tokens"]]
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": special[0],
        "bos_token": special[0],
        "model_max_length": run.train.sequence_tokens,
        **({"pad_token": special[1]} if len(special) > 1 else {}),
    }
    out.joinpath("tokenizer_config.json").write_bytes(serialise(settings))
    return step


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m malmoi.train.export", description=__doc__.splitlines()[0])
    parser.add_argument("--run", required=True, type=Path, help="run folder of a training task")
    parser.add_argument("--out", required=True, type=Path, help="folder to write")
    arguments = parser.parse_args()
    step = export(TrainingRun.load(arguments.run), arguments.out)
    print(f"step {step} exported to {arguments.out}")


if __name__ == "__main__":
    with ending() as end:
        main()
    sys.exit(end.code)
