"""JSON Lines in and out: order, errors line by line, and nothing of a text in an error."""

import io
import json

import pytest

from malmoi.trial import lines

SECRET = "비밀번호는 가나다라"


def length(rows: list[dict]) -> list[dict]:
    """A verb like the others: all rows at once. A text that says "boom" breaks the whole group."""
    for row in rows:
        if "boom" in row["text"]:
            raise ValueError(f"cannot work on {row['text']}")
    return [{"id": row["id"], "length": len(row["text"])} for row in rows]


def answers(text: str, verb=length, **how) -> list[dict]:
    out = io.StringIO()
    bad = lines.run(verb, io.StringIO(text), out, **how)
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    assert bad == sum("error" in row for row in rows)
    return rows


def written(rows: list[dict]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.mark.parametrize("count", [0, 1, 2, 5, 21, 22, 1_000])
@pytest.mark.parametrize("threads", [1, 3])
def test_every_line_is_answered_in_order(count, threads):
    rows = [{"id": n, "text": "가" * (n % 7)} for n in range(count)]
    assert answers(written(rows), threads=threads) == [{"id": n, "length": n % 7} for n in range(count)]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("{", {"id": None, "error": "not JSON: Expecting property name enclosed in double quotes at column 2"}),
        ("[1]", {"id": None, "error": "not a JSON object"}),
        ('"글"', {"id": None, "error": "not a JSON object"}),
        ('{"id": 7}', {"id": 7, "error": "field 'text' is missing"}),
        ('{"text": "글"}', {"id": None, "error": "field 'id' is missing"}),
        ('{"id": 7, "text": null}', {"id": 7, "error": "field 'text' must be text"}),
        ('{"id": 7, "text": ["글"]}', {"id": 7, "error": "field 'text' must be text"}),
        ('{"id": 7, "text": "boom"}', {"id": 7, "error": "ValueError while working on this line"}),
        ("[" * 100_000, {"id": None, "error": "not JSON that can be read: nested too deeply"}),
        ('{"id": 7, "text": "\\ud800"}', {"id": 7, "error": "half of a surrogate pair: no Unicode text"}),
        ('{"id": "\\ud800", "text": "글"}', {"id": None, "error": "half of a surrogate pair: no Unicode text"}),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else None,
)
def test_a_bad_line_is_an_error_line_and_the_rest_goes_on(line, answer):
    good = [{"id": n, "text": "글"} for n in range(6)]
    found = answers(written(good[:3]) + line + "\n" + written(good[3:]))
    assert found == [{"id": n, "length": 1} for n in range(3)] + [answer] + [
        {"id": n, "length": 1} for n in range(3, 6)
    ]


def test_a_whole_surrogate_pair_is_a_character():
    assert answers('{"id": "\\ud83d\\ude00", "text": "\\uD83D\\uDE00글"}\n') == [{"id": "😀", "length": 2}]


def test_empty_lines_are_no_lines_and_the_last_needs_no_line_feed():
    assert answers('\n  \n{"id": 1, "text": "글"}\n\n{"id": 2, "text": "글"}') == [
        {"id": 1, "length": 1},
        {"id": 2, "length": 1},
    ]


def test_errors_hold_nothing_of_the_text():
    found = answers(f'{{"id": 1, "text": "boom {SECRET}"}}\n{{"id": 2, "text": "{SECRET}\n')
    assert len(found) == 2 and all("error" in row for row in found)
    assert "비밀" not in json.dumps(found, ensure_ascii=False)


def test_the_first_answer_does_not_wait_for_the_second_line():
    out = io.StringIO()

    def typed():
        yield '{"id": 1, "text": "글"}\n'
        assert json.loads(out.getvalue()) == {"id": 1, "length": 1}
        yield '{"id": 2, "text": "글"}\n'

    lines.run(length, typed(), out)
    assert len(out.getvalue().splitlines()) == 2


def test_processes_work_while_lines_come_in():
    out = io.StringIO()
    began = []

    def endless():
        for number in range(100_000):
            began.append(number)
            yield f'{{"id": {number}, "text": "글"}}\n'
            if out.getvalue():
                return

    lines.run(length, endless(), out, threads=2)
    assert len(began) < 10_000, "answers came before the input was read to its end"


def test_other_fields_can_be_asked_for():
    found = answers('{"id": 1, "text": "글"}\n', needed=("id", "html"))
    assert found == [{"id": 1, "error": "field 'html' is missing"}]
