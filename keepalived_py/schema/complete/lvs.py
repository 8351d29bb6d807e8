"""What follows from several keywords of virtual servers: groups, defaults, what is inherited, and what
does not go together. The order is keepalived's."""

from dataclasses import replace

from keepalived_py.config.diagnostic import Consequence
from keepalived_py.config.statement import Statement
from keepalived_py.model.endpoint import Endpoint
from keepalived_py.model.lvs import (
    DEFAULT_SCHEDULER,
    PERSISTENCE_TIMEOUT_SECONDS,
    AddressRange,
    Forwarding,
    Method,
    Protocol,
    RealServer,
    SorryServer,
    VirtualServer,
    VirtualServerGroup,
)
from keepalived_py.schema.complete.checkers import checker, disable_scripts
from keepalived_py.schema.complete.completion import Completion
from keepalived_py.schema.lvs.draft import RealServerDraft, SorryDraft, VirtualServerDraft
from keepalived_py.schema.scope import place_of

Groups = dict[str, VirtualServerGroup]


def virtual_servers(completion: Completion) -> tuple[VirtualServer, ...]:
    """The virtual servers that the drafts mean; what does not fit is reported and corrected."""
    lvs = completion.drafts.lvs
    groups: Groups = {}
    for group in lvs.groups:
        groups.setdefault(group.name, group)
    servers = [server for server in lvs.servers if _in_group(completion, server, groups)]
    _number_members(servers)
    for server in servers:
        _Check(completion, server, groups.get(server.group or "")).run()
    disable_scripts(completion, servers)
    return tuple(_virtual_server(server) for server in servers)


def _in_group(completion: Completion, server: VirtualServerDraft, groups: Groups) -> bool:
    """Whether the group of a virtual server exists and is of its family; the family is that of the
    group if it has none."""
    if server.group is None:
        return True
    group = groups.get(server.group)
    problem = ""
    if group is None:
        problem = (
            f"Virtual server group {server.group} specified but not configured "
            f"- ignoring virtual server {server}"
        )
    elif len(group.families) == 2:
        if server.family is not None:
            problem = (
                f"{server.group}: virtual server group with IPv4 & IPv6 doesn't match "
                f"virtual server {server} - ignoring"
            )
    elif group.families:
        (family,) = group.families
        server.family = server.family or family
        if server.family != family:
            problem = f"{server.group}: address family doesn't match virtual server {server} - ignoring"
    elif server.family is None and any(mark.family is None for mark in group.marks):
        defaulted = (
            f"{server.group}: Virtual server {server} address family cannot be determined, defaulting to IPv4"
        )
        _say(completion, server.head, defaulted)
    if problem:
        _say(completion, server.head, problem)
    return not problem


def _say(completion: Completion, statement: Statement, message: str) -> None:
    """Report what keepalived only logs."""
    completion.scope.error(
        statement, "bad-group", message, word=1, consequence=Consequence.SILENT, located=False
    )


def _number_members(servers: list[VirtualServerDraft]) -> None:
    """Count the virtual servers of each group: the number is part of their names."""
    members: dict[str, int] = {}
    for server in servers:
        if server.group is not None:
            server.group_index = members.get(server.group, 0)
            members[server.group] = server.group_index + 1


class _Check:
    """The checks of one virtual server."""

    def __init__(
        self, completion: Completion, server: VirtualServerDraft, group: VirtualServerGroup | None
    ) -> None:
        self.completion = completion
        self.server = server
        self.ranges = group.ranges if group else ()
        self.marked = bool(group.marks) if group else bool(server.fwmark)
        self.addressed = bool(self.ranges) if group else not server.fwmark

    def run(self) -> None:
        self._suspension()
        if self.addressed:
            self._protocol()
        self._persistence()
        self._scheduler()
        self._inherit_from_globals()
        self._real_servers()
        self._quorum()
        if self.server.group is None:
            self._ports()
        else:
            self._ports_of_group()

    def error(self, message: str, *, keyword: str = "", at: Statement | None = None, help: str = "") -> None:  # noqa: A002
        statement = self.server.said.get(keyword) or at or self.server.head
        self.completion.error(statement, "virtual-server", message, word=0 if keyword else 1, help=help)

    def _suspension(self) -> None:
        server = self.server
        if server.ha_suspend and self.marked:
            message = f"Virtual server {server}: cannot use ha_suspend with fwmarks - clearing ha_suspend"
            self.error(message, keyword="ha_suspend")
            server.ha_suspend = False

    def _protocol(self) -> None:
        server = self.server
        if server.protocol is Protocol.NONE:
            message = f"Virtual server {server}: no protocol set - defaulting to UDP"
            self.error(message, help="add: protocol TCP")
            server.protocol = Protocol.UDP
        if server.one_packet and server.protocol is not Protocol.UDP:
            message = f"Virtual server {server}: one packet scheduling requires UDP - resetting"
            self.error(message, keyword="ops")
            server.one_packet = False

    def _persistence(self) -> None:
        """A service of every port must be persistent. A mark has no protocol."""
        server = self.server
        if server.group is None:
            every_port = self.addressed and not server.endpoint.port
        else:
            every_port = any(not entry.port for entry in self.ranges)
        if every_port and not server.persistence_timeout_seconds:
            message = f"Virtual server {server}: zero port only valid for persistent services - setting"
            self.error(message, help="add the port, or persistence_timeout")
            server.persistence_timeout_seconds = PERSISTENCE_TIMEOUT_SECONDS
        if server.protocol is not Protocol.NONE and self.marked and not self.addressed:
            message = (
                f"Warning: Virtual server {server}: protocol specified for fwmark - protocol will be ignored"
            )
            self.error(message, keyword="protocol", help="remove protocol")
            server.protocol = Protocol.NONE

    def _scheduler(self) -> None:
        server = self.server
        if not server.scheduler:
            message = f"Virtual server {server}: no scheduler set, setting default '{DEFAULT_SCHEDULER}'"
            self.error(message, help=f"add: lvs_sched {DEFAULT_SCHEDULER}")
            server.scheduler = DEFAULT_SCHEDULER

    def _inherit_from_globals(self) -> None:
        definitions = self.completion.definitions
        inherited = definitions.smtp_alert_checker
        if inherited is None:
            inherited = definitions.smtp_alert
        if self.server.smtp_alert is None:
            self.server.smtp_alert = bool(inherited)
        for real in self.server.reals:
            if real.smtp_alert is None:
                real.smtp_alert = inherited is None or inherited

    def _real_servers(self) -> None:
        server = self.server
        kept: list[RealServerDraft] = []
        known: set[Endpoint] = set()
        for real in server.reals:
            if real.endpoint in known:
                message = f"VS {server}: real server {real} is duplicated - removing second rs"
                self.error(message, at=real.head)
                continue
            known.add(real.endpoint)
            real.forwarding = real.forwarding or self._forwarding()
            _inherit(real, server)
            self._sorry_twin(real)
            kept.append(real)
        server.reals = kept
        if server.sorry and server.sorry.forwarding is None:
            server.sorry.forwarding = self._forwarding()

    def _forwarding(self) -> Forwarding:
        """The method of the virtual server, by default NAT."""
        if self.server.forwarding is None:
            message = f"Virtual server {self.server}: no forwarding method set, setting default NAT"
            self.error(message, help="add: lvs_method NAT")
            self.server.forwarding = Forwarding()
        return self.server.forwarding

    def _sorry_twin(self, real: RealServerDraft) -> None:
        sorry = self.server.sorry
        if sorry and sorry.endpoint == real.endpoint and sorry.inhibit != bool(real.inhibit_on_failure):
            setting = "setting" if real.inhibit_on_failure else "clearing"
            message = (
                f"Virtual server {self.server}: real server {real} matches sorry server, "
                f"but inhibit setting differs, {setting} on sorry server"
            )
            self.error(message, at=sorry.head)
            sorry.inhibit = bool(real.inhibit_on_failure)

    def _quorum(self) -> None:
        server = self.server
        total = sum(real.weight or 0 for real in server.reals) % 2**32
        if server.quorum > total:
            message = (
                f"Warning - quorum {server.quorum} for {server} exceeds total weight of real servers "
                f"{total}, reducing quorum to {total}"
            )
            self.error(message, keyword="quorum")
            server.quorum = total
        if server.hysteresis >= server.quorum:
            most = (server.quorum - 1) % 2**32
            message = (
                f"Virtual server {server}: hysteresis {server.hysteresis} >= quorum {server.quorum}; "
                f"setting hysteresis to {most}"
            )
            self.error(message, keyword="hysteresis")
            server.hysteresis = most

    def _ports(self) -> None:
        """Without NAT a packet keeps its port; and a mark says nothing of ports."""
        server = self.server
        for real in server.reals:
            real.endpoint = self._with_port(
                real.endpoint, real.forwarding, real.head, f"real server {real}", f"and real server {real}"
            )
        sorry = server.sorry
        if sorry and not _by_nat(sorry.forwarding):
            sorry.endpoint = self._with_port(
                sorry.endpoint, sorry.forwarding, sorry.head, "sorry server", "and sorry server"
            )

    def _with_port(
        self, endpoint: Endpoint, forwarding: Forwarding | None, at: Statement, named: str, pair: str
    ) -> Endpoint:
        server = self.server
        nat = _by_nat(forwarding)
        if server.fwmark:
            if nat or not endpoint.port:
                return endpoint
            message = f"WARNING - fwmark virtual server {server}, {named} has port specified - clearing"
            if named == "sorry server":
                message = f"WARNING - virtual server {server}, sorry server has port specified - clearing"
            self.error(message, at=at)
            return replace(endpoint, port=0)
        port = server.endpoint.port
        if endpoint.port and not nat and endpoint.port != port:
            self.error(f"WARNING - virtual server {server} {pair} ports don't match - resetting", at=at)
        return endpoint if endpoint.port and nat else replace(endpoint, port=port)

    def _ports_of_group(self) -> None:
        server = self.server
        reals = [real for real in server.reals if not _by_nat(real.forwarding) and real.endpoint.port]
        sorry = server.sorry if server.sorry and not _by_nat(server.sorry.forwarding) else None
        if self.marked:
            for real in reals:
                message = (
                    f"WARNING - fwmark virtual server {server}, real server {real} has port specified "
                    "- port will be ignored"
                )
                self.error(message, at=real.head)
            if sorry and sorry.endpoint.port:
                self._sorry_port(sorry, "fwmark virtual server")
        for entry in self.ranges:
            for real in reals:
                if entry.port != real.endpoint.port:
                    self._unlike(entry, real)
            if sorry and sorry.endpoint.port and entry.port != sorry.endpoint.port:
                self._sorry_port(sorry, "virtual server")

    def _sorry_port(self, sorry: SorryDraft, what: str) -> None:
        message = f"WARNING - {what} {self.server}, sorry server has port specified - port will be ignored"
        self.error(message, at=sorry.head)

    def _unlike(self, entry: AddressRange, real: RealServerDraft) -> None:
        message = f"virtual server {self.server}:[{entry}] and real server {real} ports don't match"
        self.error(message, at=real.head)


def _by_nat(forwarding: Forwarding | None) -> bool:
    return forwarding is not None and forwarding.method is Method.NAT


def _inherit(real: RealServerDraft, server: VirtualServerDraft) -> None:
    """Give a real server what it does not say itself."""
    for field in (
        "alpha",
        "inhibit_on_failure",
        "retry",
        "connect_timeout_us",
        "delay_loop_us",
        "warmup_us",
        "delay_before_retry_us",
        "weight",
    ):
        if getattr(real, field) is None:
            setattr(real, field, getattr(server, field))


def _virtual_server(server: VirtualServerDraft) -> VirtualServer:
    sorry = server.sorry
    return VirtualServer(
        endpoint=server.endpoint,
        fwmark=server.fwmark,
        group=server.group,
        group_index=server.group_index,
        family=server.family,
        protocol=server.protocol,
        scheduler=server.scheduler,
        scheduler_flags=server.scheduler_flags,
        one_packet=server.one_packet,
        forwarding=server.forwarding,
        persistence_engine=server.persistence_engine,
        persistence_timeout_seconds=server.persistence_timeout_seconds,
        persistence_granularity=server.persistence_granularity,
        ha_suspend=server.ha_suspend,
        alpha=server.alpha,
        omega=server.omega,
        inhibit_on_failure=server.inhibit_on_failure,
        retry=server.retry,
        delay_before_retry_us=server.delay_before_retry_us,
        warmup_us=server.warmup_us,
        delay_loop_us=server.delay_loop_us,
        connect_timeout_us=server.connect_timeout_us,
        quorum=server.quorum,
        hysteresis=server.hysteresis,
        quorum_up=server.quorum_up,
        quorum_down=server.quorum_down,
        smtp_alert=bool(server.smtp_alert),
        virtualhost=server.virtualhost,
        snmp_name=server.snmp_name,
        sorry_server=SorryServer(
            endpoint=sorry.endpoint, forwarding=sorry.forwarding or Forwarding(), inhibit=sorry.inhibit
        )
        if sorry
        else None,
        real_servers=tuple(_real_server(real) for real in server.reals),
        place=place_of(server.head, 1),
    )


def _real_server(real: RealServerDraft) -> RealServer:
    assert real.weight is not None
    assert real.delay_loop_us is not None
    assert real.connect_timeout_us is not None
    return RealServer(
        endpoint=real.endpoint,
        weight=real.weight,
        forwarding=real.forwarding or Forwarding(),
        upper_threshold=real.upper_threshold,
        lower_threshold=real.lower_threshold,
        inhibit_on_failure=bool(real.inhibit_on_failure),
        alpha=bool(real.alpha),
        retry=real.retry,
        delay_before_retry_us=real.delay_before_retry_us,
        warmup_us=real.warmup_us,
        delay_loop_us=real.delay_loop_us,
        connect_timeout_us=real.connect_timeout_us,
        smtp_alert=bool(real.smtp_alert),
        virtualhost=real.virtualhost,
        snmp_name=real.snmp_name,
        notify_up=real.notify_up,
        notify_down=real.notify_down,
        checkers=tuple(checker(draft) for draft in real.checkers),
        track_files=tuple(real.track_files),
        place=place_of(real.head, 1),
    )
