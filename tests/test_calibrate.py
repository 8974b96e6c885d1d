"""``malmoi calibrate``: percentiles of trusted text become a recipe section that the loader takes."""

import json
import tomllib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from malmoi import calibrate
from malmoi.contracts.errors import InputError
from malmoi.contracts.recipe import recipe_from_mapping

TEXTS = [
    f"{number}월에는 비가 자주 와서 우산을 쓰고 시장에 다녀왔다. 감자를 {number}개 사고 두부도 샀다. 집에 와서 찌개를 끓였다."
    for number in range(1, 13)
]


def _section(output: str) -> dict:
    return tomllib.loads(output)


def test_prints_a_section_that_the_recipe_loader_takes(tmp_path, capsys):
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps({"text": text}) for text in TEXTS), "utf-8")
    assert calibrate.main([str(tmp_path), "--source", "kin", "--drop-percent", "5"]) == 0
    output = capsys.readouterr().out
    section = _section(output)
    recipe = recipe_from_mapping({"sources": {"kin": {"type": "kin"}}, **section})
    assert (
        recipe.for_source("quality", "kin").min_josa_eomi_share
        == section["quality"]["source"]["kin"]["min_josa_eomi_share"]
    )
    assert f"# {len(TEXTS)} documents" in output and "josa_eomi_share:" in output


def test_no_rule_drops_more_than_was_allowed():
    columns = calibrate._columns(TEXTS)
    found = calibrate.thresholds(columns, 0.0)
    for rule in calibrate.RULES:
        if rule.threshold in found:
            values, threshold = columns[rule.signal], found[rule.threshold]
            assert not (values > threshold).any() if rule.upper else not (values < threshold).any(), rule.signal


def test_reads_text_and_parquet(tmp_path, capsys):
    (tmp_path / "one.txt").write_text(TEXTS[0], "utf-8")
    pq.write_table(pa.table({"body": TEXTS}), tmp_path / "two.parquet")
    assert calibrate.main([str(tmp_path / "one.txt")]) == 0
    assert "# 1 documents" in capsys.readouterr().out
    assert calibrate.main([str(tmp_path / "two.parquet"), "--text-field", "body", "--limit", "5"]) == 0
    assert "# 5 documents" in capsys.readouterr().out


def test_says_what_is_wrong(tmp_path):
    with pytest.raises(InputError, match="no text found"):
        calibrate.main([str(tmp_path)])
    (tmp_path / "a.jsonl").write_text('{"body": "가"}\n', "utf-8")
    with pytest.raises(InputError, match="a.jsonl:1.*--text-field"):
        calibrate.main([str(tmp_path)])
    with pytest.raises(SystemExit):
        calibrate.main([str(tmp_path), "--drop-percent", "90"])


def test_help_says_what_it_does(capsys):
    with pytest.raises(SystemExit) as stopped:
        calibrate.main(["--help"])
    assert stopped.value.code == 0
    assert "trusted text" in capsys.readouterr().out
