"""Question threads as JSON lines and as pages."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from malmoi.sample.library import Thread, phrases, table
from malmoi.sample.private import plant_in_thread
from malmoi.sample.records import Capture, Line, Truth
from malmoi.sample.templates.kin import BOILERPLATE, thread_page

_POOR = ("kin_no_answer", "too_short", "low_quality", "spam")


def best_of(thread: Thread) -> str:
    """Text of the answer that must be chosen, or an empty string."""
    return next((answer.text for answer in thread.answers if answer.best), "")


def truth_of(
    thread: Thread, url: str, source: str, batch: str, people: list[str], private: tuple[str, ...] = ()
) -> Truth:
    """What must happen to a thread: question and best answer stay, the other answers, all names and ``private`` go."""
    best = best_of(thread)
    others = tuple(p for a in thread.answers if not a.best for p in phrases(a.text, 1))
    return Truth(
        url=url,
        source=source,
        batch=batch,
        plant="question-without-answer" if not best else "question-personal-data" if private else "question",
        expect="keep" if best else "drop",
        reasons=() if best else _POOR,
        must_vanish=(*people, *private),
        must_stay=(*phrases(thread.question, 1), *phrases(best, 2)) if best else (),
        must_not_have=others if best else (),
    )


def people_of(thread: Thread, rng: Random) -> list[str]:
    """Invented account names, the asker's first."""
    handles = rng.sample(table("words")["lists"]["handle"], len(thread.answers) + 1)
    return [f"{handle}{rng.randint(1000, 9999)}" for handle in handles]


def _moment(batch: str, rng: Random) -> datetime:
    return datetime.fromisoformat(f"{batch}T00:00:00+09:00") - timedelta(minutes=rng.randint(60, 9_000))


def thread_line(thread: Thread, batch: str, number: int, seed: int, ascii_only: bool = False) -> Line:
    """One thread as a JSON line."""
    rng = Random(f"{seed}/{batch}/kin/{number}")
    people, moment = people_of(thread, rng), _moment(batch, rng)
    thread, private = plant_in_thread(thread, rng)
    url = f"https://kin.example/qna/detail?d1id={rng.randint(1, 13)}&docId={number}"
    row = {
        "url": url,
        "title": thread.title,
        "question": thread.question,
        "asker": people[0],
        "published_at": moment.isoformat(),
        "answers": [
            {
                "text": answer.text,
                "author": person,
                "adopted": answer.adopted,
                "expert": answer.expert,
                "votes": answer.votes,
                "published_at": (moment + timedelta(minutes=rng.randint(5, 3_000))).isoformat(),
            }
            for answer, person in zip(thread.answers, people[1:], strict=True)
        ],
    }
    body = json.dumps(row, ensure_ascii=ascii_only).encode("utf-8")
    return Line(truth_of(thread, url, "kin", batch, people, private), body)


def thread_capture(thread: Thread, batch: str, number: int, seed: int) -> Capture:
    """One thread with a good answer as a page of a question site; what of it is the answer is left to the extractor."""
    rng = Random(f"{seed}/{batch}/kin-page/{number}")
    people = people_of(thread, rng)
    thread, private = plant_in_thread(thread, rng)
    url = f"https://qna.mureum.example/question/{number}"
    html = thread_page(thread, url, people[0], people[1:], _moment(batch, rng))
    truth = truth_of(thread, url, "web", batch, people, private)
    truth = replace(truth, plant=f"{truth.plant}-page", must_not_have=BOILERPLATE)
    return Capture(truth, html.encode("utf-8"))
