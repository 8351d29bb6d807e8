"""Instances that we could not run rightly do not run."""

from keepalived_py.linux.runnable import runnable
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.router import AuthType, SyncGroup, VirtualRouter
from keepalived_py.vrrp.actions import Log


def test_instance_that_nobody_would_hear_does_not_run() -> None:
    routers = [
        VirtualRouter(name="four", vrid=1, interface="eth0"),
        VirtualRouter(name="signed", vrid=2, interface="eth0", auth_type=AuthType.AH),
    ]
    groups = {
        "both": SyncGroup(name="both", members=("four", "signed")),
        "none": SyncGroup(name="none", members=("signed",)),
    }
    log: list[Log] = []
    rest = runnable(Configuration(routers={each.name: each for each in routers}, groups=groups), log.append)
    assert list(rest.routers) == ["four"]
    assert {name: group.members for name, group in rest.groups.items()} == {"both": ("four",)}
    assert [line.text.split()[0] for line in log] == ["(signed)"]
