"""Which processes a command asks for."""

import pytest

from keepalived_py.model.command import Command
from keepalived_py.model.question import By, Question, question


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("pidof nginx", Question("nginx")),
        ("pidof -s /usr/sbin/nginx", Question("nginx")),
        ("/usr/bin/pidof -o 17 -x check.sh", Question("check.sh")),
        ("/bin/pidof nginx haproxy", None),
        ("pgrep nginx", Question("nginx", By.PATTERN, exact=False)),
        ("/usr/bin/pgrep -x haproxy", Question("haproxy", By.PATTERN)),
        ("pgrep -u www-data -xo php-fpm8.2", Question("php-fpm8.2", By.PATTERN)),
        ("pgrep -f --exact my.daemon", Question("my.daemon", By.COMMAND_LINE)),
        ("pgrep -v nginx", None),
        ("pgrep *", None),
        ("pgrep -u www-data", None),
        ("killall -0 nginx", Question("nginx")),
        ("/usr/bin/killall -q -s 0 nginx", Question("nginx")),
        ("killall --signal=0 nginx", Question("nginx")),
        ("killall nginx", None),
        ("killall -9 nginx", None),
        ("killall -0 -r ngi.*", None),
        ("systemctl is-active --quiet nginx.service", Question("nginx.service", By.UNIT)),
        ("/bin/systemctl -q is-active nginx", Question("nginx.service", By.UNIT)),
        ("systemctl is-active my.socket", Question("my.socket", By.UNIT)),
        ("systemctl is-failed nginx", None),
        ("/usr/local/bin/check nginx", None),
        ("pidof", None),
    ],
)
def test_the_usual_ways_to_ask_for_a_process(command: str, expected: Question | None) -> None:
    assert question(Command(tuple(command.split()))) == expected


@pytest.mark.parametrize(
    ("asked", "comm", "expected"),
    [
        (Question("nginx"), "nginx", True),
        (Question("nginx"), "nginx-debug", False),
        (Question("a-name-that-is-too-long"), "a-name-that-is-", True),
        (Question("ngi", By.PATTERN, exact=False), "nginx", True),
        (Question("ngi", By.PATTERN), "nginx", False),
        (Question("ngi|nginx", By.PATTERN), "nginx", True),
        (Question("nginx.service", By.UNIT), "nginx.service", False),
    ],
)
def test_names(asked: Question, comm: str, expected: bool) -> None:
    assert asked.names(comm) is expected


def test_a_command_line_is_searched_as_a_whole() -> None:
    asked = Question("nginx -g", By.COMMAND_LINE, exact=False)
    assert asked.finds(["/usr/sbin/nginx", "-g", "daemon off;"])
    assert not asked.finds(["/usr/sbin/nginx"])


@pytest.mark.parametrize(
    ("control_groups", "expected"),
    [
        ("0::/system.slice/nginx.service\n", True),
        ("1:name=systemd:/system.slice/nginx.service/worker\n0::/\n", True),
        ("0::/system.slice/other-nginx.service\n", False),
    ],
)
def test_a_unit_is_known_by_its_control_group(control_groups: str, expected: bool) -> None:
    assert Question("nginx.service", By.UNIT).covers(control_groups) is expected
