"""Workers: processes that answer, hang, die and are started anew."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shorts_pipeline.resources.speech import NarrationFailed
from shorts_pipeline.resources.speech.worker import Worker

PROGRAM = """
import os, sys, time
sys.path.append({folder!r})
import worker_loop
worker_loop.IDLE_SECONDS = {idle}
def answer(request):
    what = request["what"]
    if what == "hang": time.sleep(30)
    if what == "die": os.write(2, b"out of memory"); os._exit(9)
    if what == "leave": os._exit(0)
    if what == "raise": raise ValueError("no such thing")
    if what == "chatter": print("a library says hello")
    if what == "large": return {{"pid": os.getpid(), "pcm": "x" * 3_000_000}}
    return {{"pid": os.getpid(), "parent": os.getppid()}}
worker_loop.serve(answer)
"""


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    yield from running(tmp_path, idle=30.0)


def running(tmp_path: Path, *, idle: float) -> Iterator[Worker]:
    import shorts_pipeline.resources.speech.worker as module

    folder = str(Path(module.__file__).parent)
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.format(folder=folder, idle=idle))
    # An absolute name stands for itself beside any folder.
    found = Worker(str(program), "the test's voice")
    yield found
    found.end()


def test_one_process_answers_all_questions(worker: Worker) -> None:
    first, second = worker.ask({"what": "ever"}, 10), worker.ask({"what": "ever"}, 10)
    assert first["pid"] == second["pid"] != os.getpid()
    assert first["parent"] == os.getpid()


def test_what_a_library_prints_is_no_answer(worker: Worker) -> None:
    assert "pid" in worker.ask({"what": "chatter"}, 10)


def test_an_answer_may_be_long(worker: Worker) -> None:
    assert len(worker.ask({"what": "large"}, 10)["pcm"]) == 3_000_000


def test_an_error_is_told_and_the_process_goes_on(worker: Worker) -> None:
    pid = worker.ask({"what": "ever"}, 10)["pid"]
    with pytest.raises(NarrationFailed, match="the test's voice failed: ValueError: no such thing"):
        worker.ask({"what": "raise"}, 10)
    assert worker.ask({"what": "ever"}, 10)["pid"] == pid


def test_one_that_dies_is_told_with_its_last_words_and_started_anew(worker: Worker) -> None:
    with pytest.raises(NarrationFailed, match="ended with 9: out of memory"):
        worker.ask({"what": "die"}, 10)
    assert "pid" in worker.ask({"what": "ever"}, 10)


def test_one_that_hangs_is_killed_in_time(worker: Worker) -> None:
    pid = worker.ask({"what": "ever"}, 10)["pid"]
    began = time.monotonic()
    with pytest.raises(NarrationFailed, match="did not answer within 1 s"):
        worker.ask({"what": "hang"}, 1)
    assert time.monotonic() - began < 5
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_one_that_nobody_asks_ends_and_comes_back(tmp_path: Path) -> None:
    for worker in running(tmp_path, idle=0.2):
        pid = worker.ask({"what": "ever"}, 10)["pid"]
        time.sleep(0.6)
        assert worker.ask({"what": "ever"}, 10)["pid"] != pid


def test_one_that_leaves_at_every_question_is_a_failure_the_chain_knows(worker: Worker) -> None:
    with pytest.raises(NarrationFailed, match="ends as soon as it is asked"):
        worker.ask({"what": "leave"}, 10)
