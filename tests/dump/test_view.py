"""What a dump tells of the moment that it is made in."""

from ipaddress import ip_address, ip_interface

from keepalived_py.check.machine import ThisMachine
from keepalived_py.dump.view import Moment, View
from keepalived_py.model.route import Route

ROUTE = Route(destination=ip_interface("10.1.0.0/16"), gateway=ip_address("10.0.0.254"))
TEXT = "prepend 10.1.0.0/16 via inet 10.0.0.254 proto 18"


def test_a_route_without_interface_is_shown_where_it_is() -> None:
    devices = {ROUTE: "eth0"}
    assert View(ThisMachine(), Moment.RUNNING, route_devices=devices).route(ROUTE) == f"{TEXT} [dev eth0]"
    assert View(ThisMachine(), Moment.START, route_devices=devices).route(ROUTE) == TEXT
    assert View(ThisMachine(), Moment.RUNNING).route(ROUTE) == TEXT
