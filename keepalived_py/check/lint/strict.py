"""Rules about `vrrp_strict` and `strict_mode`."""

from collections.abc import Iterator

from keepalived_py.check.lint.rule import Finding, Subject, rule
from keepalived_py.config.diagnostic import Span


@rule("strict-without-accept")
def strict_without_accept(subject: Subject) -> Iterator[Finding]:
    """In strict mode only the owner of an address (priority 255) answers on it: keepalived has the
    firewall drop every packet to the virtual addresses, ping included. That suits a router, and
    nothing that serves anything on a virtual address."""
    silent: dict[Span, list[str]] = {}
    versions: set[int] = set()
    for router in subject.configuration.routers.values():
        if router.strict and not router.accept and not router.is_owner and router.all_addresses:
            statement = subject.text.keyword(router.place, "strict_mode") or subject.text.top_keyword(
                "global_defs", "vrrp_strict"
            )
            span = statement.span() if statement else subject.text.span(router.place)
            if not subject.text.keyword(router.place, "no_accept"):
                silent.setdefault(span, []).append(router.name)
                versions.add(router.version)
    for span, names in silent.items():
        yield Finding(
            span,
            f"the virtual addresses of {', '.join(names)} will not answer: "
            "in strict mode all packets to them are dropped",
            "remove it"
            + (", or use vrrp_version 3 and accept" if 2 in versions else ", or add accept to the instance")
            + "; no_accept says that it is meant",
        )
