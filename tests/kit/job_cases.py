"""What the job table promises, on either database: each job once, none lost, whoever dies with it in hand."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from tests.conftest import MovingClock
from tests.kit.job_tables import NOW, Owing, deadline, effect

from crossing.kit.database import format_instant, writing
from crossing.kit.jobs import Job, JobCount, NotYet, Pace, claim, count_jobs, dead_jobs, fail, finish, revive
from crossing.kit.ledger import Conflict
from crossing.kit.worker import Worker

PACE = Pace()
SECOND = timedelta(seconds=1)
MINUTE = 60 * SECOND
DEADLINES = 1_000


async def take(there: Owing, now: datetime = NOW, limit: int = 10, kinds: tuple[str, ...] = ("deadline",)) -> list[Job]:
    async with writing(there.engine) as connection:
        return await claim(connection, kinds, now, PACE, limit)


async def test_a_job_is_appended_with_its_cause_or_not_at_all(there: Owing) -> None:
    await there.schedule("again")
    with pytest.raises(Conflict) as refusal:
        await there.ledger.append([effect("cause"), deadline("again")], None)
    assert refusal.value.table == "jobs"
    assert await there.select("SELECT id FROM effects") == []


async def test_only_what_is_due_is_claimed_the_longest_due_first(there: Owing) -> None:
    await there.schedule("second", NOW)
    await there.schedule("later", NOW + timedelta(microseconds=1))
    await there.schedule("first", NOW - MINUTE)
    await there.schedule("other", NOW, kind="mail")
    assert [job.key for job in await take(there)] == ["first", "second"]
    assert await take(there) == []
    await there.schedule("less long", NOW - MINUTE)
    await there.schedule("longest", NOW - 2 * MINUTE)
    assert [job.key for job in await take(there, limit=1)] == ["longest"]
    assert [job.key for job in await take(there, limit=1)] == ["less long"]
    assert [job.key for job in await take(there, kinds=("mail", "deadline"), now=NOW + SECOND)] == [
        "other",
        "later",
    ]


async def test_jobs_are_counted_by_kind_and_by_how_they_stand(there: Owing) -> None:
    await there.schedule("claimed", NOW - 3 * MINUTE)
    [held] = await take(there)
    await there.schedule("given up", NOW - 2 * MINUTE)
    [given_up] = await take(there)
    async with writing(there.engine) as connection:
        assert await fail(connection, given_up, "Error", NOW, Pace(most_attempts=1))
    for key, due in (("due", NOW), ("longer due", NOW - MINUTE), ("later", NOW + SECOND)):
        await there.schedule(key, due)
    await there.schedule("mail", NOW, kind="mail")
    async with there.engine.connect() as connection:
        counted = await count_jobs(connection, NOW)
    assert {(each.kind, each.state): each.count for each in counted} == {
        ("deadline", "dead"): 1,
        ("deadline", "due"): 2,
        ("deadline", "running"): 1,
        ("deadline", "waiting"): 1,
        ("mail", "due"): 1,
    }
    assert JobCount("deadline", "due", 2, format_instant(NOW - MINUTE)) in counted
    assert held.key == "claimed"


async def test_a_job_carries_what_was_told(there: Owing) -> None:
    await there.schedule("a", application="0190", title="Décision « anticipée »")
    (job,) = await take(there)
    assert job.payload == {"application": "0190", "title": "Décision « anticipée »"}
    assert (job.kind, job.attempts, job.due_at) == ("deadline", 1, format_instant(NOW))


async def test_a_job_that_is_held_is_nobody_else_s_until_the_lease_ends(there: Owing) -> None:
    await there.schedule("a")
    (first,) = await take(there)
    just_before = NOW + PACE.lease - timedelta(microseconds=1)
    assert await take(there, just_before) == []
    (second,) = await take(there, NOW + PACE.lease)
    assert (second.id, second.attempts) == (first.id, 2)
    async with writing(there.engine) as connection:
        assert not await finish(connection, first)
        assert not await fail(connection, first, "Error", NOW, PACE)
        assert await finish(connection, second)
    assert await there.select("SELECT id FROM jobs") == []


async def test_two_who_claim_at_once_share_the_jobs(there: Owing) -> None:
    for number in range(40):
        await there.schedule(f"{number}")
    halves = await asyncio.gather(*(take(there, limit=20) for _ in range(2)))
    assert {len(half) for half in halves} == {20}
    assert len({job.key for half in halves for job in half}) == 40


async def test_what_fails_rests_longer_each_time_and_is_dead_after_the_last_attempt(
    there: Owing, clock: MovingClock
) -> None:
    pace = Pace(first_rest=MINUTE, longest_rest=4 * MINUTE, most_attempts=5)
    tried: list[datetime] = []

    async def refuse(_: Job) -> None:
        tried.append(clock())
        raise ValueError("Tremblay, Jean")

    worker = Worker(there.engine, {"deadline": refuse}, clock, pace)
    await there.schedule("a")
    while await there.select("SELECT id FROM jobs WHERE state = 'waiting'"):
        await worker.run_due()
        clock.move(5 * SECOND)
    rests = [later - earlier for earlier, later in zip(tried, tried[1:], strict=False)]
    for rest, longest in zip(rests, [1, 2, 4, 4], strict=True):
        assert longest * MINUTE / 2 <= rest <= longest * MINUTE + 5 * SECOND
    async with there.engine.connect() as connection:
        (dead,) = await dead_jobs(connection)
    assert (dead.key, dead.kind, dead.attempts, dead.last_error) == ("a", "deadline", 5, "ValueError")
    assert "Tremblay" not in repr(await there.select("SELECT * FROM jobs"))


async def test_a_job_whose_other_side_is_away_waits_and_is_never_given_up(there: Owing, clock: MovingClock) -> None:
    away, tried = 100, 0

    async def wait(_: Job) -> None:
        nonlocal tried
        tried += 1
        if tried <= away:
            raise NotYet(5 * SECOND)

    worker = Worker(there.engine, {"deadline": wait}, clock, Pace(most_attempts=3))
    await there.schedule("a")
    for _ in range(away):
        assert await worker.run_due() == 1
        clock.move(5 * SECOND)
    assert await there.select("SELECT state, attempts, last_error FROM jobs") == [("waiting", 0, "NotYet")]
    assert await worker.run_due() == 1
    assert await there.select("SELECT id FROM jobs") == []


async def test_a_dead_job_lives_again_when_somebody_revives_it(there: Owing, clock: MovingClock) -> None:
    works = asyncio.Event()
    done: list[str] = []

    async def refuse_at_first(job: Job) -> None:
        if not works.is_set():
            raise ConnectionError
        done.append(job.key)

    worker = Worker(there.engine, {"deadline": refuse_at_first}, clock, Pace(most_attempts=1))
    await there.schedule("a")
    assert await worker.run_due() == 1
    clock.move(timedelta(days=365))
    assert await worker.run_due() == 0
    works.set()
    async with writing(there.engine) as connection:
        (dead,) = await dead_jobs(connection)
        assert await revive(connection, dead.id, clock())
        assert not await revive(connection, dead.id, clock())
    assert await worker.run_due() == 1
    assert done == ["a"]
    assert await there.select("SELECT id FROM jobs") == []


async def test_a_job_that_kills_whoever_takes_it_is_dead_in_the_end(there: Owing) -> None:
    await there.schedule("deadly")
    now = NOW
    for _ in range(PACE.most_attempts):
        assert len(await take(there, now)) == 1
        now += PACE.lease
    assert await take(there, now) == []
    assert await there.select("SELECT state, last_error FROM jobs") == [("dead", "LeaseRanOut")]


async def test_a_handler_that_takes_too_long_is_ended_and_tried_again(there: Owing, clock: MovingClock) -> None:
    async def hang(_: Job) -> None:
        await asyncio.Event().wait()

    worker = Worker(there.engine, {"deadline": hang}, clock, Pace(lease=timedelta(milliseconds=100)))
    await there.schedule("a")
    async with asyncio.timeout(10):
        assert await worker.run_due() == 1
    assert await there.select("SELECT state, last_error, attempts FROM jobs") == [("waiting", "TimeoutError", 1)]


async def test_what_a_job_schedules_for_now_is_done_in_the_same_run(there: Owing, clock: MovingClock) -> None:
    done: list[str] = []

    async def follow(job: Job) -> None:
        done.append(job.key)
        if len(done) < 4:
            await there.schedule(f"{len(done)}", clock())

    await there.schedule("0")
    assert await Worker(there.engine, {"deadline": follow}, clock).run_due() == 4
    assert done == ["0", "1", "2", "3"]


async def test_a_slow_job_holds_up_no_other(there: Owing, clock: MovingClock) -> None:
    released = asyncio.Event()

    async def wait_or_release(job: Job) -> None:
        if job.key == "slow":
            await released.wait()
        elif job.key == "late":
            released.set()
        else:
            await there.schedule("late", clock())

    await there.schedule("slow")
    await there.schedule("quick")
    async with asyncio.timeout(10):
        pace = Pace(poll=timedelta(hours=1))
        assert await Worker(there.engine, {"deadline": wait_or_release}, clock, pace).run_due() == 3
    assert await there.select("SELECT id FROM jobs") == []


async def test_a_database_that_was_away_is_asked_again(there: Owing, clock: MovingClock) -> None:
    done = asyncio.Event()

    async def note(_: Job) -> None:
        done.set()

    async with there.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE jobs RENAME TO jobs_away"))
    stop = asyncio.Event()
    worker = Worker(there.engine, {"deadline": note}, clock, Pace(poll=timedelta(milliseconds=10)))
    working = asyncio.create_task(worker.run(stop))
    await asyncio.wait([working], timeout=0.1)
    assert not working.done()
    async with there.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE jobs_away RENAME TO jobs"))
    await there.schedule("a")
    async with asyncio.timeout(10):
        await done.wait()
        stop.set()
        await working
    assert await there.select("SELECT id FROM jobs") == []


async def test_a_worker_told_to_stop_finishes_what_it_began_and_begins_nothing(
    there: Owing, clock: MovingClock
) -> None:
    begun, released, stop = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def wait(_: Job) -> None:
        begun.set()
        await released.wait()

    await there.schedule("first", NOW - MINUTE)
    await there.schedule("second")
    working = asyncio.create_task(Worker(there.engine, {"deadline": wait}, clock, Pace(at_once=1)).run(stop))
    async with asyncio.timeout(10):
        await begun.wait()
        stop.set()
        released.set()
        await working
    assert await there.select("SELECT key, attempts FROM jobs") == [("second", 0)]


async def test_jobs_of_a_kind_without_a_handler_are_left_to_who_has_one(there: Owing, clock: MovingClock) -> None:
    await there.schedule("a", kind="unheard of")
    assert await Worker(there.engine, {}, clock).run_due() == 0
    assert await there.select("SELECT state, attempts FROM jobs") == [("waiting", 0)]
