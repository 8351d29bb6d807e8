"""The main job: two web servers, one address, and the configuration file that such pairs have."""

from pathlib import Path

from conformance.lab import PATIENCE_SECONDS, Host, wait_until

VIP = "10.0.0.101"

KEEPALIVED_CONF = Path(__file__).with_name("keepalived.conf").read_text()
KEEPALIVED_CONF_OF_B = KEEPALIVED_CONF.replace("state MASTER", "state BACKUP").replace(
    "priority 100", "priority 90"
)

_NGINX_CONF = """\
pid /run/nginx.pid;
error_log /run/nginx.log;
worker_processes 1;
events {}
http {
    access_log off;
    server {
        listen 80;
        location / { return 200 "$hostname_of_lab\\n"; }
    }
}
"""


def start_nginx(host: Host) -> None:
    """A web server that answers every request with the name of its host."""
    host.write("/etc/nginx/lab.conf", _NGINX_CONF.replace("$hostname_of_lab", host.name))
    host.run("nginx", "-c", "/etc/nginx/lab.conf")


def kill_nginx(host: Host) -> None:
    """`kill -9` of the master process and its workers; returns when they are gone."""
    host.run("pkill", "-KILL", "nginx")
    wait_until(lambda: not any("nginx:" in command for command in host.processes().values()), "nginx is dead")


def await_answer(client: Host, name: str, timeout_seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until the virtual address is answered by the web server of the host called `name`."""
    wait_until(lambda: client.http_get(VIP) == name, f"{name} serves {VIP}", timeout_seconds)
