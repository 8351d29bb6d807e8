"""Another kernel, for what this machine's cannot do: a User Mode Linux machine of one's own for seconds."""

import platform
import shutil
import subprocess
from pathlib import Path

KERNEL = "linux.uml"
TIMEOUT_SECONDS = 120
_INIT = Path(__file__).with_name("init")


def is_present() -> bool:
    """Whether the packages user-mode-linux and kmod are installed."""
    return platform.machine() == "x86_64" and bool(shutil.which(KERNEL)) and bool(shutil.which("modprobe"))


def run(command: str, directory: Path, *modules: str) -> str:
    """What a shell command prints as root in a machine with only these modules; `directory` is its /mnt.

    Raises RuntimeError if the command fails or the machine does not end.
    """
    (directory / "modules").write_text("".join(f"{module}\n" for module in modules))
    (directory / "command").write_text(command)
    status, output = directory / "status", directory / "output"
    console = subprocess.run(
        [
            "timeout",
            "--kill-after=5",
            str(TIMEOUT_SECONDS),
            KERNEL,
            "mem=256M",
            "umid=machine",
            f"uml_dir={directory}/",
            "root=none",
            "rootfstype=hostfs",
            "rootflags=/",
            "ro",
            f"init={_INIT}",
            f"directory={directory}",
            "quiet",
            "panic=-1",
            "con=null",
            "con0=null,fd:1",
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ).stdout
    said = output.read_text() if output.exists() else ""
    if not status.exists() or int(status.read_text()):
        raise RuntimeError(f"{said}\nThe console:\n{console}")
    return said
