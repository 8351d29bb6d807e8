"""Files that are right get no finding, apart from what this program does not act on yet."""

from pathlib import Path

import pytest

from keepalived_py.check.findings import findings
from keepalived_py.config.diagnostic import Severity

OURS = sorted((Path(__file__).parent / "known_good").glob("*.conf"))
SAMPLES = Path("/usr/share/doc/keepalived/samples")
RIGHTLY = {
    "keepalived.conf.IPv6": {"unused-virtual-server-group"},
    "keepalived.conf.SMTP_CHECK": {"deprecated"},
    "keepalived.conf.SSL_GET": {"auth", "tutorial-password"},
    "keepalived.conf.conditional_conf": {"no-script", "unknown-name"},
    "keepalived.conf.fwmark": {"virtual-server"},
    "keepalived.conf.vrrp": {"duplicate", "tutorial-password"},
    "keepalived.conf.vrrp.localcheck": {"needs-bash"},
    "keepalived.conf.vrrp.lvs_syncd": {"deprecated", "no-members", "unknown-keyword"},
    "keepalived.conf.vrrp.routes": {"deprecated"},
    "keepalived.conf.vrrp.rules": {"no-preference", "bad-prefix", "bad-address", "bad-number"},
    "keepalived.conf.vrrp.scripts": {"alert-to-nobody", "tutorial-password"},
}
"""What is to be said about Debian's samples, most of which are older than keepalived 2."""


def codes(path: Path, *, notes: bool) -> set[str]:
    return {
        one.code
        for one in findings(str(path), "here")
        if one.code != "not-built" and (notes or one.severity is not Severity.NOTE)
    }


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_nothing_is_found_in_a_good_file(path: Path) -> None:
    assert codes(path, notes=True) == set()


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="Debian's package keepalived is not installed")
def test_debian_s_samples_get_no_finding_but_those_they_deserve() -> None:
    found = {path.name: codes(path, notes=False) for path in SAMPLES.glob("keepalived.conf.*")}
    assert {name: one for name, one in found.items() if one - RIGHTLY.get(name, set())} == {}
