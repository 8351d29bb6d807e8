"""What stands between a new configuration and its taking effect: `reload_check_config`, `reload_file`,
and what cannot be changed by a reload."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from keepalived_py.check.config_test import config_test
from keepalived_py.daemon.pid_file import MODE, default_path
from keepalived_py.daemon.settings import Settings
from keepalived_py.model.definitions import GlobalDefinitions

_FIXED: dict[str, Callable[[GlobalDefinitions], Any]] = {
    "network namespace": lambda it: it.net_namespace,
    "IPVS network namespace": lambda it: it.net_namespace_ipvs,
    "instance name": lambda it: it.instance,
    "nftables table name": lambda it: it.firewall.nftables_table,
    "IPVS nftables table name": lambda it: it.lvs.nftables_table,
    "config_directory": lambda it: it.tmp_config_directory,
    "disable_local_igmp": lambda it: it.disable_local_igmp,
}


def forbidden_changes(before: GlobalDefinitions, after: GlobalDefinitions, settings: Settings) -> list[str]:
    """What a reload would have to change and cannot, in keepalived's words."""
    return [
        f"Cannot change {what} at a reload - please restart keepalived"
        for what, value in _FIXED.items()
        if value(before) != value(after)
        # The command line says which namespace it is, whatever the file says.
        and not (what == "network namespace" and settings.namespace != before.net_namespace)
    ]


def passes_check(settings: Settings, log_file: str) -> bool:
    """Whether `-t` finds nothing wrong with the configuration file; what it says goes to `log_file`."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with open(os.open(log_file, flags, 0o644), "w", errors="surrogateescape") as stream:
            with suppress(OSError):
                os.ftruncate(stream.fileno(), 0)
            return config_test(settings.configuration_file, settings.config_id, stream) == 0
    except OSError:
        return False


def reload_file_path(definitions: GlobalDefinitions, namespace: str | None) -> Path | None:
    """The file of `reload_file`; without a name it is beside the pid file."""
    if definitions.reload.file:
        return Path(definitions.reload.file)
    if definitions.reload.file is None:
        return None
    shared, instance = definitions.use_pid_dir, definitions.instance
    pid_file = default_path("keepalived", shared=shared, namespace=namespace, instance=instance)
    return pid_file.with_suffix(".reload")


@contextmanager
def reading(reload_file: Path | None, say: Callable[[str], None]) -> Iterator[None]:
    """While the configuration is read: the file exists, for whoever would change the configuration."""
    if reload_file is None:
        yield
        return
    umask = os.umask(0)  # it has its mode from the first moment
    try:
        os.close(os.open(reload_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, MODE))
    except OSError as error:
        say(f"Failed to create reload file ({reload_file}) {error.errno} - {error.strerror}")
    finally:
        os.umask(umask)
    try:
        yield
    finally:
        reload_file.unlink(missing_ok=True)
