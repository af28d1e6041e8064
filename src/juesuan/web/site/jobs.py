"""The queue of long work, in the database: what is accepted is done, even when the server is killed meanwhile."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from juesuan.account import JuesuanError
from juesuan.web.infra.models import Job, moment
from juesuan.web.site.site import Site

LEASE = timedelta(seconds=60)
BEAT = 15.0
PAUSE = 1.0
ATTEMPTS = 10
"""So often a job is begun: a server that is stopped or killed again and again is no fault of the job, and what a job
works on cannot take the server down, for it is worked on in a process of its own."""

_log = logging.getLogger("juesuan.queue")


class TakenJob(msgspec.Struct, frozen=True):
    """A job that a worker has taken."""

    id: int
    kind: str
    payload: dict[str, Any]


Work = Callable[[Site, TakenJob], None]
"""Does a job; raises JobError for one that cannot be done, now or later."""

Failure = Callable[[Session, TakenJob, str], None]
"""Told within the job's last transaction that it has failed for good."""


Besides = Callable[[Site], bool]
"""Done while nothing waits, a little at a time; says whether there was anything to do."""


class JobError(JuesuanError):
    """A job cannot be done; trying again would not help. The message is for people."""


def put(session: Session, site: Site, kind: str, payload: Mapping[str, Any]) -> None:
    """Puts a job into the queue, within the transaction of what it is about."""
    session.add(Job(kind=kind, payload=json.dumps(payload), state="waiting", attempts=0, lease="",
                    created=moment(site.settings.clock()), finished="", trouble=""))


def release_all(site: Site) -> None:
    """Gives back what a killed server had taken: whoever holds the data folder is the only one that works on it."""
    with site.database.writing() as session:
        session.execute(update(Job).where(Job.state == "running").values(state="waiting", lease=""))


class Workers:
    """Threads that take jobs and do them one after another."""

    def __init__(
        self, site: Site, works: Mapping[str, Work], failures: Mapping[str, Failure], besides: Besides | None = None
    ) -> None:
        self._site = site
        self._besides = besides
        self._works = works
        self._failures = failures
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begins to work."""
        release_all(self._site)
        for number in range(self._site.settings.workers):
            thread = threading.Thread(target=self._run, name=f"worker-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Takes no more jobs; what is being done is done again after the next start."""
        self._stopping.set()

    def do_all(self) -> int:
        """Does what waits, in this thread, and gives how many jobs that was."""
        done = 0
        while task := self.take():
            self._do(task)
            done += 1
        return done

    def take(self) -> TakenJob | None:
        """The oldest job that waits or whose worker is gone; it is this worker's for a while."""
        while True:
            now = self._site.settings.clock()
            with self._site.database.writing() as session:
                free = or_(Job.state == "waiting", (Job.state == "running") & (Job.lease < moment(now)))
                query = select(Job).where(free).order_by(Job.id).limit(1).with_for_update(skip_locked=True)
                job = session.scalars(query).first()
                if job is None:
                    return None
                job.state, job.lease = "running", moment(now + LEASE)
                job.attempts += 1
                task = TakenJob(job.id, job.kind, json.loads(job.payload))
                if job.attempts <= ATTEMPTS:
                    return task
                self._fail(session, job, task, "处理时多次异常中断，已放弃。")

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                task = self.take()
                if task is not None:
                    self._do(task)
                elif self._besides is None or not self._besides(self._site):
                    self._stopping.wait(PAUSE)
            except Exception:
                # The database may be away for a moment: the worker must outlive that.
                _log.exception("worker")
                self._stopping.wait(PAUSE)

    def _do(self, task: TakenJob) -> None:
        finished = threading.Event()
        beating = threading.Thread(target=self._beat, args=(task.id, finished), daemon=True)
        beating.start()
        try:
            self._works[task.kind](self._site, task)
        except JobError as error:
            trouble = str(error)
        except Exception as error:
            _log.exception("job", extra={"fields": {"job": task.id}})
            trouble = f"本程序的问题：处理时出错（{type(error).__name__}）。"
        else:
            trouble = ""
        finally:
            finished.set()
            beating.join()
        with self._site.database.writing() as session:
            job = session.get_one(Job, task.id)
            if trouble:
                self._fail(session, job, task, trouble)
            else:
                job.state, job.finished = "done", moment(self._site.settings.clock())

    def _fail(self, session: Session, job: Job, task: TakenJob, trouble: str) -> None:
        job.state, job.finished, job.trouble = "failed", moment(self._site.settings.clock()), trouble
        if task.kind in self._failures:
            self._failures[task.kind](session, task, trouble)

    def _beat(self, identity: int, finished: threading.Event) -> None:
        while not finished.wait(BEAT):
            lease = moment(self._site.settings.clock() + LEASE)
            with self._site.database.writing() as session:
                session.execute(update(Job).where(Job.id == identity).values(lease=lease))
