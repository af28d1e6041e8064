"""What many threads of a server come upon at once after it has started."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

STARTED = """
import sys, threading
from pathlib import Path
import msgspec
from juesuan.web import Settings, create_application

create_application(Settings(Path(sys.argv[1])))
found, waiting = [], [msgspec.Struct]
while waiting:
    for kind in waiting.pop().__subclasses__():
        waiting.append(kind)
        found += [kind] if kind.__module__.startswith("juesuan.") else []
"""
READ = STARTED + """
for kind in found:
    try:
        msgspec.json.Decoder(kind)
    except (TypeError, NameError):
        continue
    print(kind.__module__, kind.__qualname__)
"""
"""The types that JSON can be read into: the others are never read, and reading one fails each time anew."""
AT_ONCE = STARTED + """
read_at_all = set(sys.stdin.read().splitlines())
found = [kind for kind in found if f"{kind.__module__} {kind.__qualname__}" in read_at_all]
sys.setswitchinterval(1e-6)
ANY = msgspec.json.encode({name: [] for kind in found for name in kind.__struct_fields__})
start = threading.Barrier(8)

def read():
    start.wait()
    for kind in found:
        try:
            msgspec.json.decode(ANY, type=kind)
        except (TypeError, NameError, msgspec.ValidationError):
            pass

threads = [threading.Thread(target=read) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(found))
"""


def run(program: str, data: Path, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program, str(data)]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=False)


def test_the_first_readers_of_a_type_do_not_bring_the_server_down(tmp_path: Path):
    """Clients that all come back at once after a restart: the server went away without a word (SIGSEGV)."""
    readable = run(READ, tmp_path / "other")
    done = run(AT_ONCE, tmp_path / "data", readable.stdout)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 100
