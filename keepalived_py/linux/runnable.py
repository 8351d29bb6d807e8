"""Which instances of a configuration can run: those whose adverts can be sent and understood.

One that cannot must not run at all: hearing nobody it would become master beside the real one.
"""

from collections.abc import Callable
from dataclasses import replace

from keepalived_py.model.configuration import Configuration
from keepalived_py.model.router import AuthType, VirtualRouter
from keepalived_py.vrrp.actions import Log


def runnable(configuration: Configuration, log: Callable[[Log], None]) -> Configuration:
    """The configuration without the instances that cannot run, each of which is logged."""
    routers: dict[str, VirtualRouter] = {}
    for name, router in configuration.routers.items():
        if missing := _missing(router):
            log(Log(f"({name}) {missing} not built yet - the instance does not run"))
        else:
            routers[name] = router
    groups = {
        name: replace(group, members=tuple(member for member in group.members if member in routers))
        for name, group in configuration.groups.items()
    }
    return replace(
        configuration,
        routers=routers,
        groups={name: group for name, group in groups.items() if group.members},
    )


def _missing(router: VirtualRouter) -> str | None:
    """What a router needs and we do not have."""
    if router.auth_type is AuthType.AH:
        return "AH authentication is"
    return None
