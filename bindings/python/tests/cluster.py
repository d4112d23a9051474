"""A Spark standalone cluster on this machine: one master, workers of one core each, all on loopback."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pyspark


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Cluster:
    """Starts with the first line of its `with`, and leaves nothing running."""

    def __init__(self, folder: Path, workers: int = 2) -> None:
        self.folder, self.count = folder, workers
        self.port = free_port()
        self.url = f"spark://127.0.0.1:{self.port}"
        self.processes: list[subprocess.Popen] = []

    def __enter__(self) -> Cluster:
        master = ["org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", str(self.port)]
        self._start("master", [*master, "--webui-port", str(free_port())])
        deadline = time.monotonic() + 60
        while socket.socket().connect_ex(("127.0.0.1", self.port)) != 0:
            assert time.monotonic() < deadline, "the master does not listen"
            time.sleep(0.2)
        for number in range(self.count):
            worker = ["org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1g"]
            work = ["--webui-port", str(free_port()), "--work-dir", str(self.folder / f"work{number}"), self.url]
            self._start(f"worker{number}", [*worker, *work])
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self.processes):
            self._kill(process)

    def kill_worker(self) -> None:
        """End one worker with everything it started, without a word."""
        self._kill(self.processes[1])

    def _start(self, name: str, arguments: list[str]) -> None:
        home = Path(pyspark.__file__).parent
        environment = {**os.environ, "SPARK_HOME": str(home), "PYSPARK_PYTHON": sys.executable}
        environment.update(SPARK_LOCAL_IP="127.0.0.1", SPARK_DAEMON_MEMORY="256m")
        with open(self.folder / f"{name}.log", "wb") as log:
            command = ["bash", str(home / "bin/spark-class"), *arguments]
            self.processes.append(
                subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)
            )

    @staticmethod
    def _kill(process: subprocess.Popen) -> None:
        try:
            # Its session has the executor and the Python processes of it.
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
