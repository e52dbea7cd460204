"""Writers at the same time, on files: never a second mark of one person, never one lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from partybuild_flow import Engine, EventRefused
from tests.collecting import JUDGES, PANEL, convened, write


def test_a_judge_who_marks_twice_at_once_has_one_mark(tmp_path: Path) -> None:
    workflows = write(tmp_path / "workflows", panel=PANEL)
    url = f"sqlite:///{tmp_path / 'cases.db'}?synchronous=normal"
    with Engine.open(url, workflows=workflows) as one, Engine.open(url, workflows=workflows) as other:
        for _ in range(5):
            case_id = convened(one, 7)
            together = Barrier(4)

            def mark(
                engine: Engine, judge: int, mark: str, case_id: str = case_id, together: Barrier = together
            ) -> bool:
                together.wait()
                try:
                    engine.send(case_id, "give", {"mark": mark}, by=JUDGES[judge])
                except EventRefused as refused:
                    return "is given already" not in str(refused)
                return True

            with ThreadPoolExecutor(4) as pool:
                asked = [(one, 0, "1"), (other, 0, "2"), (one, 1, "3"), (other, 1, "4")]
                done = list(pool.map(lambda each: mark(*each), asked))
            assert sorted(done) == [False, False, True, True]
            (marks, *_) = other.marks(case_id)
            assert marks.missing == ("j3", "j4", "j5", "j6", "j7")
        assert one.verify().broken == ()


def test_all_judges_at_once_complete_the_marks_once(tmp_path: Path) -> None:
    workflows = write(tmp_path / "workflows", panel=PANEL)
    url = f"sqlite:///{tmp_path / 'cases.db'}?synchronous=normal"
    with Engine.open(url, workflows=workflows) as one, Engine.open(url, workflows=workflows) as other:
        case_id = convened(one, 7)
        with ThreadPoolExecutor(7) as pool:
            sent = [
                pool.submit(
                    (one, other)[place % 2].send, case_id, "give", {"mark": f"{60 + place}"}, by=JUDGES[place]
                )
                for place in range(7)
            ]
        assert sorted(each.result().target for each in sent) == ["marking"] * 6 + ["scored"]
        case = one.case(case_id)
        assert (case.state, str(case.data["score"]), case.revision) == ("scored", "63.00", 8)
