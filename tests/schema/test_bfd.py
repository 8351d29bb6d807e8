"""`bfd_instance` and `track_bfd`."""

from pathlib import Path

import pytest

from keepalived_py.dump.bfd import bfd_lines
from keepalived_py.model.tracking import Weight
from keepalived_py.schema.load import Loaded, load


def loaded(directory: Path, text: str) -> Loaded:
    file = directory / "keepalived.conf"
    file.write_text(text)
    return load(str(file), config_id="here")


def block(*lines: str, name: str = "one") -> str:
    return "\n".join((f"bfd_instance {name} {{", "neighbor_ip 192.0.2.1", *lines, "}", ""))


def test_everything_that_is_said_of_a_session_is_in_the_model(tmp_path: Path) -> None:
    lines = ("source_ip 192.0.2.2", "min_rx 50", "min_tx 20.5", "idle_tx 2000", "multiplier 3", "passive")
    more = ("ttl 64", "max_hops -1", "multihop", "weight -20 reverse", "vrrp")
    configuration = loaded(tmp_path, block(*lines, *more)).configuration
    bfd = configuration.bfds["one"]
    assert (bfd.min_rx_us, bfd.min_tx_us, bfd.idle_tx_us) == (50_000, 20_500, 2_000_000)
    assert (bfd.multiplier, bfd.passive, bfd.ttl, bfd.max_hops, bfd.multihop) == (3, True, 64, -1, True)
    assert (bfd.vrrp, bfd.checker) == (True, False)
    assert configuration.tracked_bfds["one"].weight == Weight(-20, True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "bfd_instance one {\n}",
            "Configuration error: BFD instance one has no neighbor address set, disabling instance",
        ),
        (
            block("source_ip 2001:db8::1"),
            "Configuration error: BFD instance one source address 2001:db8::1 and neighbor address "
            "192.0.2.1 are not of the same family, disabling instance",
        ),
        (
            block() + block(name="two"),
            "Configuration error: BFD instance two has duplicate neighbor address 192.0.2.1, "
            "ignoring instance",
        ),
        (block() + block(), "Configuration error: BFD instance one already configured - ignoring"),
        (
            block("min_rx 0"),
            "Configuration error: BFD instance one min_rx value 0 is not valid "
            "(must be in range [1-4294967]), ignoring",
        ),
        (
            block("multiplier 256"),
            "Configuration error: BFD instance one multiplier value 256 not valid "
            "(must be in range [1-255]), ignoring",
        ),
        (
            block("max_hops 255", "ttl 3"),
            "BFD instance one: max_hops exceeds ttl/hoplimit - setting to ttl/hoplimit",
        ),
        (
            block("weight 300"),
            "Configuration error: BFD instance one weight value 300 not valid "
            "(must be in range [-253-253]), ignoring",
        ),
        (
            block("min_tx 20000"),
            "Configuration warning: BFD instance one min_tx value 20000 is larger than max sensible (10000)",
        ),
    ],
)
def test_a_wrong_session_is_reported_in_keepalived_s_words(tmp_path: Path, text: str, message: str) -> None:
    assert message in [one.message for one in loaded(tmp_path, text).diagnostics]


def test_a_session_is_printed_as_keepalived_prints_it_before_the_start(tmp_path: Path) -> None:
    lines = list(bfd_lines(loaded(tmp_path, block("ttl 7")).configuration))
    assert lines[2:5] == [
        "------< BFD Topology >------",
        " BFD Instance = one",
        "   Neighbor IP = 192.0.2.1",
    ]
    assert "   TTL = 7" in lines
    assert "   local state = AdminDown" in lines
