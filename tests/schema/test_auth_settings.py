"""What `authentication` and `auth_hmac` mean. All values and messages are those that keepalived 2.4.3
was seen to have, in `-t` and in the file of SIGUSR1."""

from pathlib import Path

import pytest

from keepalived_py.check.host import ThisHost
from keepalived_py.model.hmac import AuthHmac, HmacMode
from keepalived_py.model.router import AuthType, InitialState, VirtualRouter
from keepalived_py.schema.host import AnyHost, Secret
from keepalived_py.schema.load import Loaded, load

KEY = "k" * 32
HMAC = f"auth_hmac {{\nkey 1 {KEY}\nactive_key 1\n%s\n}}\n"
AH = "authentication {\nauth_type AH\nauth_pass x\n}\n"


class WithFiles(AnyHost):
    """Any host, with the files of this one."""

    def secret(self, path: str) -> Secret | None:
        return ThisHost().secret(path)


def loaded(path: Path, body: str) -> Loaded:
    file = path / "keepalived.conf"
    vips = "" if "virtual_ipaddress" in body else "virtual_ipaddress {\n10.0.0.1\n}\n"
    file.write_text(f"vrrp_instance V {{\ninterface eth0\nvirtual_router_id 51\n{vips}{body}\n}}\n")
    return load(str(file), config_id="here", host=WithFiles())


def router(path: Path, body: str) -> VirtualRouter:
    return loaded(path, body).configuration.routers["V"]


def hmac(path: Path, body: str) -> AuthHmac:
    settings = router(path, body).auth_hmac
    assert settings is not None
    return settings


def messages(path: Path, body: str) -> list[str]:
    return [one.message for one in loaded(path, body).diagnostics]


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ("", 5),
        ("version 2\nadvert_int 2.7", 6),  # before it is rounded to 3
        ("version 3\nadvert_int 2.7", 6),
        ("version 3\nadvert_int 35", 105),
        ("version 2\nadvert_int 200", 300),
    ],
)
def test_the_window_follows_from_the_advert_interval(tmp_path: Path, body: str, seconds: int) -> None:
    assert hmac(tmp_path, body + "\n" + HMAC % "").time_window_seconds == seconds


def test_a_window_that_is_given_stays(tmp_path: Path) -> None:
    assert hmac(tmp_path, HMAC % "time_window 1").time_window_seconds == 1


def test_all_settings(tmp_path: Path) -> None:
    body = HMAC % f"key 255 hex:{'0A' * 64}\nanti_replay monotonic\nmode receive-only"
    assert hmac(tmp_path, body) == AuthHmac(
        keys={1: KEY.encode(), 255: b"\n" * 64},
        active_key=1,
        anti_replay_by_time=False,
        mode=HmacMode.RECEIVE_ONLY,
    )


def test_strict_mode_insists(tmp_path: Path) -> None:
    body = "strict_mode\n" + HMAC % "mode permissive"
    assert hmac(tmp_path, body).mode is HmacMode.ENFORCE
    assert "(V) strict mode requires auth_hmac mode enforce" in messages(tmp_path, body)


def test_it_takes_the_place_of_authentication_even_without_a_key(tmp_path: Path) -> None:
    body = AH + "auth_hmac {\n}\n"
    assert (router(tmp_path, body).auth_type, router(tmp_path, body).auth_hmac) == (AuthType.NONE, None)
    assert messages(tmp_path, body) == [
        "(V) auth_hmac cannot be combined with authentication, dropping legacy auth",
        "(V) auth_hmac active_key 0 is not defined, disabling extension",
    ]


def test_ah_begins_as_a_backup(tmp_path: Path) -> None:
    said = "(V) Initial state master is incompatible with AH authentication - clearing"
    assert router(tmp_path, "state MASTER\npriority 9\n" + AH).state is InitialState.BACKUP
    assert said in messages(tmp_path, "state MASTER\npriority 9\n" + AH)
    assert router(tmp_path, "state MASTER\n" + AH).state is InitialState.MASTER, "the owner"


@pytest.mark.parametrize(("setting", "count"), [("", 88), ("mode permissive", 88), ("mode receive-only", 89)])
def test_the_trailer_takes_room_from_the_addresses(tmp_path: Path, setting: str, count: int) -> None:
    lines = "\n".join(f"2001:db8::{number}" for number in range(1, 92))
    body = f"virtual_ipaddress {{\nfe80::1\n{lines}\n}}\n" + HMAC % setting
    found = router(tmp_path, body)
    assert (len(found.virtual_addresses), len(found.excluded_addresses)) == (count, 92 - count)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (KEY, KEY),
        (KEY + "\r\n\n", KEY),
        (KEY + " ", KEY + " "),
        (KEY + "\0" + KEY, KEY),
        ("hex:" + "6b" * 32, KEY),
        ("hex:" + "6B 6b\t" * 16 + "\n", KEY),
        ("hex:" + "6b" * 31 + "b", "k" * 31 + "\x0b"),
        ("hex:b " + "6b" * 31, "\x0b" + "k" * 31),
        ("hex:b\t" + "6b" * 31, None),
        ("hex:" + "6b" * 31 + "xx", None),
        ("hex:" + "6b" * 65, None),
        ("hex:" + "6b" * 64 + " " * 6, "k" * 64),
        ("hex:" + "6b" * 64 + " " * 7, None),
        (KEY[1:], None),
        ("k" * 65, None),
    ],
)
def test_what_a_key_file_holds(tmp_path: Path, content: str, key: str | None) -> None:
    file = tmp_path / "key"
    file.write_text(content, newline="")
    file.chmod(0o600)
    body = f"auth_hmac {{\nkey 1 file:{file}\nactive_key 1\n}}\n"
    settings = router(tmp_path, body).auth_hmac
    assert (settings.keys if settings else {}) == ({} if key is None else {1: key.encode()})


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o777])
def test_a_key_that_others_may_read_is_used_and_reported(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "key"
    file.write_text(KEY)
    file.chmod(mode)
    body = f"auth_hmac {{\nkey 1 file:{file}\nactive_key 1\n}}\n"
    assert hmac(tmp_path, body).keys == {1: KEY.encode()}
    [message] = messages(tmp_path, body)
    assert message == f"(V) auth_hmac key file '{file}' is readable by group or others"
