"""`keepalived-py why`: what the running daemon did lately, as `simulate` prints what it would do."""

import json
import socket
import sys
from datetime import datetime
from pathlib import Path

from keepalived_py.check.render import Style
from keepalived_py.daemon.history import Change, find_histories, history_path, read_history
from keepalived_py.daemon.pid_file import DIRECTORY, SHARED_DIRECTORY
from keepalived_py.model.units import SECOND, Microseconds
from keepalived_py.simulate.moments import Moment, moments_as_text, moments_as_value

EXIT_FOUND, EXIT_NOT_RUNNING, EXIT_UNREADABLE = 0, 1, 2


def why(instance: str | None, pid_file: Path | None, *, as_json: bool) -> int:
    """Print the changes of all instances or of one. Returns 0, 1 if no daemon runs, whose last changes
    are printed if there are any, or 2 if there is no telling."""
    try:
        path = history_path(pid_file) if pid_file else _only_history()
        record = read_history(path)
    except FileNotFoundError:
        return _refuse("no keepalived-py runs VRRP here", EXIT_NOT_RUNNING)
    except PermissionError:
        return _refuse("only root may know", EXIT_UNREADABLE)
    except (OSError, ValueError) as error:
        return _refuse(str(error), EXIT_UNREADABLE)
    known = {change.instance for change in record.changes if change.instance}
    if instance and instance not in known:
        there_is = f"those that did are {', '.join(sorted(known))}" if known else "none did"
        return _refuse(f"no instance {instance} has changed its state; {there_is}", EXIT_UNREADABLE)
    node = socket.gethostname().partition(".")[0]
    moments = [
        _moment(node, each) for each in record.changes if not instance or each.instance in ("", instance)
    ]
    if as_json:
        print(json.dumps({"running": record.alive, "timeline": moments_as_value(moments)}, indent=2))
    else:
        print("\n".join(moments_as_text(moments, Style.of(sys.stdout).paint, _on_the_wall)))
    if not record.alive:
        return _refuse(f"process {record.pid}, whose changes these are, has died", EXIT_NOT_RUNNING)
    return EXIT_FOUND


def _only_history() -> Path:
    """Raises FileNotFoundError if there is none, ValueError if there are several."""
    paths = find_histories((DIRECTORY, SHARED_DIRECTORY, *SHARED_DIRECTORY.glob("*/")))
    if not paths:
        raise FileNotFoundError
    if len(paths) > 1:
        pid_files = ", ".join(str(path.with_suffix(".pid")) for path in paths)
        raise ValueError(f"several run here; choose one with --vrrp_pid: {pid_files}")
    return paths[0]


def _moment(node: str, change: Change) -> Moment:
    event = change.event or "transition"
    states = change.before, change.after
    return Moment(change.at_us, node, change.instance, event, *states, change.priority, change.reason)


def _on_the_wall(at_us: Microseconds) -> str:
    return datetime.fromtimestamp(at_us / SECOND).isoformat(" ", "milliseconds")


def _refuse(reason: str, status: int) -> int:
    print(f"keepalived-py why: {reason}", file=sys.stderr)
    return status
