"""Put htmx into the pages' assets from its npm package (needs npm); run for a new version, named below."""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
from pathlib import Path

VERSION = "4.0.1"
TARGET = Path(__file__).parent.parent / "src" / "juesuan" / "web" / "assets"
TAKEN = {"package/dist/htmx.min.js": "htmx.min.js", "package/LICENSE": "LICENSE-htmx.txt"}


def main() -> None:
    """Fetches the package and takes the script and its licence out of it."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", f"htmx.org@{VERSION}"], cwd=folder, check=True, capture_output=True)
        (package,) = Path(folder).glob("*.tgz")
        with tarfile.open(package) as archive:
            for name, own in TAKEN.items():
                file = archive.extractfile(name)
                assert file is not None
                (TARGET / own).write_bytes(file.read())
    print(f"{TARGET}: htmx {VERSION}")


if __name__ == "__main__":
    main()
