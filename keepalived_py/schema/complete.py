"""What follows from several keywords: defaults, what instances inherit from `global_defs`, and what
does not go together. The order is keepalived's."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from keepalived_py.config.diagnostic import Consequence, Severity
from keepalived_py.config.statement import Statement
from keepalived_py.model.command import Command
from keepalived_py.model.configuration import Configuration, GlobalDefinitions, Mail
from keepalived_py.model.notification import NotifyScripts
from keepalived_py.model.router import (
    OWNER_PRIORITY,
    AuthType,
    GratuitousArp,
    InitialState,
    SyncGroup,
    VirtualRouter,
)
from keepalived_py.model.tracking import Tracked, Weight
from keepalived_py.model.units import CENTISECOND, SECOND, Microseconds
from keepalived_py.schema.draft import Drafts, GlobalDraft, GroupDraft, InstanceDraft, NotifyDraft
from keepalived_py.schema.host import ScriptState
from keepalived_py.schema.scope import Scope

DEFAULT_PRIORITY = 100
DEFAULT_DOWN_TIMER_ADVERTS = 3
ADVERT_ADDRESSES_MAX = 255
MTU = 1500
_HEADER_BYTES = {4: 14 + 20 + 8, 6: 14 + 40 + 8}
_ADDRESS_BYTES = {4: 4, 6: 16}
_AUTHENTICATION_BYTES = 8
_AH_BYTES = 24


def complete(scope: Scope) -> Configuration:
    """The configuration that the drafts mean; what does not fit is reported and left out."""
    return _Completion(scope).configuration()


@dataclass(slots=True)
class _Completion:
    """`halted`: keepalived has given up at this point, and says no more."""

    scope: Scope
    halted: bool = False

    @property
    def drafts(self) -> Drafts:
        return self.scope.drafts

    @property
    def definitions(self) -> GlobalDraft:
        return self.scope.drafts.definitions

    def error(
        self,
        statement: Statement,
        code: str,
        message: str,
        *,
        word: int = 1,
        help: str = "",  # noqa: A002
        warning: bool = False,
        silent: bool = False,
    ) -> None:
        report = self.scope.warning if warning else self.scope.error
        report(
            statement,
            code,
            message,
            word=word,
            help=help,
            located=False,
            consequence=Consequence.SILENT if self.halted or silent else Consequence.PROBLEM,
        )

    def configuration(self) -> Configuration:
        drafts = self.drafts
        if drafts.missing_interface:
            self.scope.error(
                drafts.missing_interface,
                "no-interface",
                "Non-existent interface specified in configuration",
                word=None,
                consequence=Consequence.FATAL,
                located=False,
            )
            self.halted = True
        self._check_scripts()
        instances = [draft for draft in drafts.instances.values() if self._runs(draft)]
        members = self._members(instances)
        routers: dict[str, VirtualRouter] = {}
        group_of = {name: drafts.groups[group] for group, names in members.items() for name in names}
        for draft in instances:
            if router := self._router(draft, group_of.get(draft.name)):
                routers[draft.name] = router
        for name in self._duplicate_vrids(routers):
            del routers[name]
        groups = self._groups(members, routers)
        self._unused_scripts(routers, groups)
        return Configuration(
            definitions=self._definitions(),
            scripts=drafts.scripts,
            processes=drafts.processes,
            files=drafts.files,
            routers=routers,
            groups=groups,
            static_addresses=tuple(drafts.static_addresses),
        )

    # Scripts

    def _check_scripts(self) -> None:
        """Look for the commands on the host, and take out those that must not or cannot run."""
        drafts = self.drafts
        if not drafts.instances:
            return
        states = ScriptState.NONE
        for script in list(drafts.scripts.values()):
            state = self._script_state(script.command)
            states |= state
            head = drafts.script_heads[script.name]
            if state & ScriptState.INHIBITED:
                message = f"Disabling track script {script.name} due to insecure"
                self.error(head, "insecure-script", message)
            elif state & ScriptState.NOT_FOUND:
                message = f"Disabling track script {script.name} since not found/accessible"
                self.error(head, "no-script", message)
            if not _usable(state):
                self._forget_script(script.name)
        for block in drafts.tracking_blocks():
            states |= self._check_notify(block.notify)
        for fifo in (self.definitions.notify_fifo, self.definitions.vrrp_notify_fifo):
            if fifo.reader:
                states |= self._script_state(fifo.reader)
        if states & ScriptState.SCRIPT and not self.definitions.script_security and not self.halted:
            insecure = " There are insecure scripts." if states & ScriptState.INSECURE else ""
            self.scope.error(
                next(iter(drafts.instances.values())).head,
                "script-security",
                "SECURITY VIOLATION - scripts are being executed but script_security not enabled." + insecure,
                help="add to global_defs: enable_script_security",
                severity=Severity.WARNING,
                consequence=Consequence.INSECURE,
                located=False,
            )

    def _script_state(self, command: Command) -> ScriptState:
        definitions = self.definitions
        return self.scope.host.script_state(
            command, definitions.script_account, secure=definitions.script_security
        )

    def _forget_script(self, name: str) -> None:
        del self.drafts.scripts[name]
        for block in self.drafts.tracking_blocks():
            block.track.scripts.pop(name, None)

    def _check_notify(self, notify: NotifyDraft) -> ScriptState:
        states = ScriptState.NONE
        for kind in ("backup", "master", "fault", "stop", "deleted", "any", "master_rx_lower_pri"):
            command: Command | None = getattr(notify, kind)
            if command:
                state = self._script_state(command)
                states |= state
                if not _usable(state):
                    setattr(notify, kind, None)
        return states

    # Instances

    def _runs(self, draft: InstanceDraft) -> bool:
        """Whether an instance has what it cannot do without; keepalived ends at the first without."""
        name = draft.name
        if draft.vrid is None:
            message = f"({name}) the virtual router id must be set"
            self.error(draft.head, "no-vrid", message, help="add: virtual_router_id NUMBER")
        elif not draft.interface_exists and not draft.unicast:
            message = f"({name}) Unknown interface!"
            self.error(draft.head, "unknown-interface", message, help="add: interface NAME")
        elif not draft.interface_exists and draft.use_vmac:
            self.error(draft.head, "vmac", f"({name}) cannot use VMAC if no interface specified")
        else:
            return True
        self.halted = True
        return False

    def _router(self, draft: InstanceDraft, group: GroupDraft | None) -> VirtualRouter | None:
        definitions = self.definitions
        strict = definitions.strict if draft.strict is None else draft.strict
        family = draft.family or 4
        version = self._version(draft, family, strict)
        owner_by_default = draft.state is InitialState.MASTER
        priority = draft.priority or (OWNER_PRIORITY if owner_by_default else DEFAULT_PRIORITY)
        owner = priority == OWNER_PRIORITY
        state = self._state(draft, owner, strict)
        auth_type = self._authentication(draft, version, family, state, owner, strict)
        if auth_type is AuthType.AH and state is InitialState.MASTER and not owner:
            message = f"({draft.name}) Initial state master is incompatible with AH authentication - clearing"
            self.error(draft.said["state"], "auth", message)
            state = InitialState.BACKUP
        if not self._unicast(draft):
            return None
        self._unbuilt(draft, family, auth_type)
        self._first_address(draft, family, strict)
        virtual, excess = self._fitting(draft, family, version, auth_type)
        nopreempt, preempt_delay_us = self._preemption(draft, owner, state, strict)
        down_timer_adverts = draft.down_timer_adverts or definitions.down_timer_adverts
        if strict and down_timer_adverts != DEFAULT_DOWN_TIMER_ADVERTS:
            self._reset(
                draft, "down_timer_adverts", "down_timer_adverts is incompatible with strict mode - resetting"
            )
            down_timer_adverts = DEFAULT_DOWN_TIMER_ADVERTS
        accept = (owner or not strict) if draft.accept is None else draft.accept
        if accept and not owner and strict and version == 2:
            message = "warning - accept mode for VRRP version 2 does not comply with RFC3768 - resetting"
            self._reset(draft, "accept", message)
            accept = False
        group_address = draft.multicast_group
        if draft.unicast_peers and group_address is not None:
            self._reset(draft, "mcast_dst_ip", "multicast destination specified with unicast - ignoring")
            group_address = None
        default_group = definitions.multicast_group_4 if family == 4 else definitions.multicast_group_6
        garp = self._garp(draft, strict)
        lower_prio_no_advert = self._strict_value(
            draft,
            "lower_prio_no_advert",
            strict,
            True,
            "Strict mode requires no lower priority advert. resetting",
        )
        higher_prio_send_advert = self._strict_value(
            draft,
            "higher_prio_send_advert",
            strict,
            False,
            "strict mode requires higher_prio_send_advert to be clear. resetting",
        )
        owner_ignore_adverts = self._owner_ignore_adverts(draft, owner, strict)
        interval_us = self._interval(draft, version)
        if draft.interface and draft.track.interfaces.pop(draft.interface, None):
            message = f"({draft.name}) Ignoring track_interface {draft.interface} since own interface"
            statement = draft.said["track_interface"]
            self.error(statement, "own-interface", message, word=0, help="it is tracked in any case")
        if draft.vmac_xmit_base and not draft.use_vmac:
            self._reset(draft, "vmac_xmit_base", "vmac_xmit_base is only valid with a vmac")
        if not self._has_addresses(draft, version, strict):
            return None
        self._unweighted(draft, group, owner)
        notify_priority_changes = next(
            value
            for value in (
                draft.notify_priority_changes,
                group.notify_priority_changes if group else None,
                definitions.notify_priority_changes,
            )
            if value is not None
        )
        assert draft.vrid is not None
        return VirtualRouter(
            name=draft.name,
            vrid=draft.vrid,
            interface=draft.interface,
            version=version,
            family=family,
            state=state,
            priority=priority,
            advert_interval_us=interval_us,
            virtual_addresses=tuple(virtual),
            excluded_addresses=(*draft.excluded_addresses, *excess),
            virtual_routes=tuple(draft.virtual_routes),
            virtual_rules=tuple(draft.virtual_rules),
            source_address=draft.source_address,
            track_source_address=draft.track_source_address and draft.source_address is not None,
            unicast_peers=tuple(draft.unicast_peers.values()),
            multicast_group=group_address or default_group,
            ttl=255 if draft.unicast_ttl is None else draft.unicast_ttl,
            check_unicast_source=draft.check_unicast_source or definitions.check_unicast_source,
            auth_type=auth_type,
            auth_data=draft.auth_data.ljust(_AUTHENTICATION_BYTES, b"\0"),
            nopreempt=nopreempt,
            preempt_delay_us=preempt_delay_us,
            down_timer_adverts=down_timer_adverts,
            accept=accept,
            strict=strict,
            skip_check_adv_addr=draft.skip_check_adv_addr or definitions.skip_check_adv_addr,
            lower_prio_no_advert=lower_prio_no_advert,
            higher_prio_send_advert=higher_prio_send_advert,
            owner_ignore_adverts=owner_ignore_adverts,
            garp=garp,
            track_primary=draft.track_primary,
            track_interfaces=tuple(draft.track.interfaces.values()),
            track_scripts=tuple(draft.track.scripts.values()),
            track_processes=tuple(draft.track.processes.values()),
            track_files=tuple(draft.track.files.values()),
            notify=self._notify(draft.notify, draft.smtp_alert),
            notify_priority_changes=notify_priority_changes,
            use_vmac=draft.use_vmac,
            vmac_name=draft.vmac_name,
            vmac_xmit_base=draft.vmac_xmit_base and draft.use_vmac,
            place=draft.place,
        )

    def _reset(self, draft: InstanceDraft, keyword: str, message: str, *, warning: bool = False) -> None:
        """Report a setting that is not possible here, where it stands, or at the instance."""
        statement = draft.said.get(keyword)
        text = f"({draft.name}) {message}"
        if statement:
            self.error(statement, "incompatible", text, word=0, help=f"remove {keyword}", warning=warning)
        else:
            self.error(draft.head, "incompatible", text, warning=warning)

    def _unbuilt(self, draft: InstanceDraft, family: int, auth_type: AuthType) -> None:
        """Say once that an instance means what nothing acts on yet: it does not run."""
        if family == 6:
            what = "VRRP over IPv6"
        elif auth_type is AuthType.AH:
            what = "AH authentication"
        else:
            return
        message = f"({draft.name}) {what} is known, but nothing acts on it yet: the instance does not run"
        self.error(draft.head, "not-built", message, warning=True, silent=True)

    def _version(self, draft: InstanceDraft, family: int, strict: bool) -> int:
        if family == 6 and draft.version == 2 and strict:
            self._reset(draft, "version", "cannot use IPv6 with VRRP version 2; setting version 3")
            return 3
        return draft.version or (3 if family == 6 else self.definitions.version)

    def _state(self, draft: InstanceDraft, owner: bool, strict: bool) -> InitialState:
        natural = InitialState.MASTER if owner else InitialState.BACKUP
        if draft.state is None:
            return natural
        if strict and draft.state is not natural:
            self._reset(draft, "state", "State MASTER must match being address owner")
            return natural
        return draft.state

    def _authentication(
        self, draft: InstanceDraft, version: int, family: int, state: InitialState, owner: bool, strict: bool
    ) -> AuthType:
        if draft.auth_type is AuthType.NONE:
            return AuthType.NONE
        if strict:
            problem = "Strict mode does not support authentication. Ignoring."
        elif version == 3:
            problem = "VRRP version 3 does not support authentication. Ignoring."
        elif not draft.auth_data.rstrip(b"\0"):
            problem = "Authentication specified but no password given. Ignoring"
        elif family == 6 and draft.auth_type is AuthType.AH:
            problem = "Cannot use AH authentication with IPv6. ignoring"
        else:
            return draft.auth_type
        statement = draft.said.get("auth_type", draft.head)
        self.error(
            statement, "auth", f"({draft.name}) {problem}", word=0 if statement is not draft.head else 1
        )
        return AuthType.NONE

    def _unicast(self, draft: InstanceDraft) -> bool:
        """Whether the instance can send adverts."""
        if draft.unicast and not draft.unicast_peers:
            self._reset(
                draft,
                next(
                    (word for word in ("unicast_src_ip", "unicast_peer") if word in draft.said),
                    "unicast_peer",
                ),
                "A unicast keyword has been specified without any unicast peers. Defaulting to multicast. "
                "This usage is deprecated - please update your configuration.",
            )
        if draft.interface_exists:
            return True
        if draft.source_address is None:
            message = f"({draft.name}): Unicast instances must have unicast_src_ip or interface"
            self.error(draft.head, "unknown-interface", message)
        elif draft.source_address.version == 6 and draft.source_address.is_link_local:
            message = f"({draft.name}) Non link-local address required if interface omitted"
            self.error(draft.head, "unknown-interface", message)
        else:
            return True
        self.halted = True
        return False

    def _first_address(self, draft: InstanceDraft, family: int, strict: bool) -> None:
        addresses = draft.virtual_addresses
        if family == 6 and addresses and not draft.unicast_peers and not addresses[0].address.is_link_local:
            self.error(
                draft.said["virtual_ipaddress"],
                "first-address",
                f"({draft.name}) the first IPv6 VIP address {'must' if strict else 'should'} be link local",
                word=0,
                warning=not strict,
                silent=not strict,
            )

    def _fitting(
        self, draft: InstanceDraft, family: int, version: int, auth_type: AuthType
    ) -> tuple[list, list]:  # type: ignore[type-arg]
        """The addresses that fit into an advert, and the others."""
        header = _HEADER_BYTES[family]
        if family == 4 and version == 2:
            header += _AUTHENTICATION_BYTES + (_AH_BYTES if auth_type is AuthType.AH else 0)
        most = min(ADVERT_ADDRESSES_MAX, (MTU - header) // _ADDRESS_BYTES[family])
        addresses = draft.virtual_addresses
        if len(addresses) > most:
            self.error(
                draft.said["virtual_ipaddress"],
                "too-many-addresses",
                f"({draft.name}) Number of VIPs ({len(addresses)}) exceeds maximum/space available in packet "
                f"(max {most} addresses) - excess moved to eVIPs",
                word=0,
                help="put addresses into virtual_ipaddress_excluded",
            )
        return addresses[:most], addresses[most:]

    def _preemption(
        self, draft: InstanceDraft, owner: bool, state: InitialState, strict: bool
    ) -> tuple[bool, Microseconds]:
        nopreempt, delay_us = draft.nopreempt, draft.preempt_delay_us
        if owner and nopreempt:
            self._reset(
                draft, "nopreempt", "nopreempt is incompatible with priority 255. resetting nopreempt"
            )
            nopreempt = False
        if state is InitialState.MASTER:
            if nopreempt:
                message = "Warning - nopreempt will not work with initial state MASTER - clearing"
                self._reset(draft, "nopreempt", message, warning=True)
                nopreempt = False
            if delay_us:
                message = "Warning - preempt delay will not work with initial state MASTER - clearing"
                self._reset(draft, "preempt_delay", message, warning=True)
                delay_us = 0
        if delay_us and strict:
            self._reset(draft, "preempt_delay", "preempt_delay is incompatible with strict mode - resetting")
            delay_us = 0
        if delay_us and nopreempt:
            self._reset(
                draft, "preempt_delay", "preempt_delay is incompatible with nopreempt mode - resetting"
            )
            delay_us = 0
        return nopreempt, delay_us

    def _garp(self, draft: InstanceDraft, strict: bool) -> GratuitousArp:
        definitions = self.definitions

        def value(field: str) -> int:
            own: int | None = getattr(draft, field)
            inherited: int = getattr(definitions, field)
            return inherited if own is None else own

        def lower(field: str, master_field: str, message: str) -> int:
            own: int | None = getattr(draft, field)
            if strict:
                if own:
                    self._reset(draft, field.removesuffix("_us"), message)
                return 0
            if own is not None:
                return own
            inherited: int | None = getattr(definitions, field)
            default: int = getattr(definitions, master_field)
            return default if inherited is None else inherited

        return GratuitousArp(
            lower_prio_repeat=lower(
                "garp_lower_prio_repeat",
                "garp_master_repeat",
                "Strict mode requires no repeat garps. resetting",
            ),
            lower_prio_delay_us=lower(
                "garp_lower_prio_delay_us",
                "garp_master_delay_us",
                "Strict mode requires no repeat garp delay. resetting",
            ),
            master_delay_us=value("garp_master_delay_us"),
            master_repeat=value("garp_master_repeat"),
            master_refresh_us=value("garp_master_refresh_us"),
            master_refresh_repeat=value("garp_master_refresh_repeat"),
        )

    def _strict_value(
        self, draft: InstanceDraft, field: str, strict: bool, required: bool, message: str
    ) -> bool:
        """A flag that strict mode wants one way, and `global_defs` has a default for."""
        own: bool | None = getattr(draft, field)
        inherited: bool = getattr(self.definitions, field)
        if not strict:
            return inherited if own is None else own
        if own is not None and own is not required:
            self._reset(draft, field, message)
        return required

    def _owner_ignore_adverts(self, draft: InstanceDraft, owner: bool, strict: bool) -> bool:
        wanted = draft.owner_ignore_adverts
        if not owner:
            if wanted:
                message = f"ignoring owner_ignore_adverts since priority is not {OWNER_PRIORITY}"
                self._reset(draft, "owner_ignore_adverts", message)
            return False
        if wanted is None:
            return strict or self.definitions.owner_ignore_adverts
        if not wanted:
            message = f"strict_mode with priority {OWNER_PRIORITY} requires owner_ignore_adverts"
            self._reset(draft, "owner_ignore_adverts", message)
        return True

    def _interval(self, draft: InstanceDraft, version: int) -> Microseconds:
        """The advert interval in the unit and the range of the version."""
        unit, units = (SECOND, 256) if version == 2 else (CENTISECOND, 4096)
        interval_us = draft.advert_interval_us
        seconds = interval_us / SECOND
        start = f"VRRPv{version} advertisement interval"
        if interval_us >= unit * units:
            most = unit * (units - 1)
            limit, setting = (
                (f"{units}s", f"{units - 1}s")
                if version == 2
                else (f"{units / 100:.2f}s", f"{most / SECOND:.2f}s")
            )
            message = (
                f"{start} {seconds:.2f}s is out of range. Must be less than {limit}. Setting to {setting}"
            )
            self._reset(draft, "advert_int", message)
            return most
        if interval_us % unit:
            how = "must be an integer. rounding" if version == 2 else "must be in units of 10ms - rounding"
            self._reset(draft, "advert_int", f"{start} {seconds:.6f}s {how}")
            rounded = (interval_us + unit // 2) // unit
            return unit * max(1, min(units - 1, rounded))
        return interval_us

    def _has_addresses(self, draft: InstanceDraft, version: int, strict: bool) -> bool:
        if draft.virtual_addresses:
            return True
        if draft.no_virtual_addresses and strict:
            message = "no_virtual_ipaddress and strict mode incompatible, clearing no_virtual_ipaddress"
            self._reset(draft, "no_virtual_ipaddress", message)
        elif draft.no_virtual_addresses:
            return True
        if version == 3 or strict:
            message = f"({draft.name}) No VIP specified; at least one is required"
            self.error(draft.head, "no-address", message, help="add: virtual_ipaddress { ADDRESS }")
            self.halted = True
            return False
        message = f"({draft.name}) No VIP specified; at least one is sensible"
        self.error(draft.head, "no-address", message, help="add: virtual_ipaddress { ADDRESS }", warning=True)
        return True

    def _unweighted(self, draft: InstanceDraft, group: GroupDraft | None, owner: bool) -> None:
        """Take the weights from trackers where priorities must not change."""
        grouped = group is not None and not group.tracking_weight
        if not grouped and not owner:
            return
        reason = "SYNC group" if grouped else "address_owner"

        def report(keyword: str, message: str) -> None:
            self._reset(draft, keyword, message)

        for tracked in _weighted(draft.track.interfaces):
            what, why = ("weight ", "SYNC group") if grouped else ("", "address owner")
            report("track_interface", f"ignoring {tracked.name} tracked interface {what}due to {why}")
            if grouped:
                draft.track.interfaces[tracked.name] = _without_weight(tracked)
            else:
                del draft.track.interfaces[tracked.name]
        for tracked in _weighted(draft.track.scripts):
            report("track_script", f"ignoring tracked script {tracked.name} with weights due to {reason}")
            del draft.track.scripts[tracked.name]
        for tracked in _weighted(draft.track.files):
            if tracked.weight.value == 1:
                message = (
                    f"ignoring weight from tracked file {tracked.name} due to {reason}. specify weight 0"
                )
                draft.track.files[tracked.name] = _without_weight(tracked)
            else:
                value = tracked.weight.value
                message = f"ignoring tracked file {tracked.name} with weight {value} due to {reason}"
                del draft.track.files[tracked.name]
            report("track_file", message)

    def _duplicate_vrids(self, routers: dict[str, VirtualRouter]) -> set[str]:
        """The later ones of instances that would hear each other's adverts as their own."""
        duplicates: set[str] = set()
        rivals: dict[tuple[object, ...], list[VirtualRouter]] = {}
        for router in routers.values():
            where = router.source_address if router.unicast else router.multicast_group
            key = (router.vrid, router.family, router.unicast, router.interface, where)
            others = rivals.setdefault(key, [])
            message = next(filter(None, (_conflict(other, router) for other in others)), "")
            if message:
                head = self.drafts.instances[router.name].head
                advice = "another virtual_router_id for one of them"
                self.error(head, "duplicate-vrid", message, help=advice)
                duplicates.add(router.name)
            else:
                others.append(router)
        self.halted |= bool(duplicates)
        return duplicates

    # Groups

    def _members(self, instances: Iterable[InstanceDraft]) -> dict[str, list[str]]:
        """The instances of each group that exist and are in no other."""
        existing = {draft.name for draft in instances}
        taken: set[str] = set()
        members: dict[str, list[str]] = {}
        for group in self.drafts.groups.values():
            found: list[str] = []
            for name in group.members or ():
                if name not in existing:
                    message = (
                        f"Virtual router {name} specified in sync group {group.name} doesn't exist - ignoring"
                    )
                    self.error(group.head, "unknown-name", message)
                elif name in taken:
                    message = (
                        f"Virtual router {name} cannot exist in more than one sync group; "
                        f"ignoring {group.name}"
                    )
                    self.error(group.head, "duplicate", message)
                else:
                    taken.add(name)
                    found.append(name)
            if not found:
                message = (
                    f"Sync group {group.name}, no matching virtual router found "
                    "in group declaration - removing"
                )
                self.error(group.head, "no-members", message)
            elif len(found) == 1:
                message = (
                    f"Sync group {group.name} has only 1 virtual router(s) - "
                    "this probably isn't what you want"
                )
                self.error(group.head, "no-members", message, warning=True)
            members[group.name] = found
        return members

    def _groups(
        self, members: dict[str, list[str]], routers: dict[str, VirtualRouter]
    ) -> dict[str, SyncGroup]:
        groups: dict[str, SyncGroup] = {}
        for draft in self.drafts.groups.values():
            present = tuple(name for name in members[draft.name] if name in routers)
            if not present:
                continue
            if any(routers[name].is_owner for name in present):
                self._unweighted_group(draft)
            groups[draft.name] = SyncGroup(
                name=draft.name,
                members=present,
                notify=self._notify(draft.notify, draft.smtp_alert),
                track_interfaces=tuple(draft.track.interfaces.values()),
                track_scripts=tuple(draft.track.scripts.values()),
                track_processes=tuple(draft.track.processes.values()),
                track_files=tuple(draft.track.files.values()),
                tracking_weight=draft.tracking_weight,
                place=draft.place,
            )
        return groups

    def _unweighted_group(self, draft: GroupDraft) -> None:
        for kind, word, how in (
            ("scripts", "script", "clearing weight"),
            ("files", "file", "setting weight 0"),
            ("processes", "process", "setting weight 0"),
            ("interfaces", "interface", "clearing weight"),
        ):
            trackers: dict[str, Tracked] = getattr(draft.track, kind)
            for tracked in _weighted(trackers):
                message = (
                    f"({draft.name}) Cannot have weighted track {word} '{tracked.name}' "
                    f"with member having priority {OWNER_PRIORITY} - {how}"
                )
                self.error(draft.head, "incompatible", message)
                trackers[tracked.name] = _without_weight(tracked)

    # What remains

    def _notify(self, draft: NotifyDraft, smtp_alert: bool | None) -> NotifyScripts:
        inherited = (smtp_alert, self.definitions.smtp_alert_vrrp, self.definitions.smtp_alert)
        return NotifyScripts(
            master=draft.master,
            backup=draft.backup,
            fault=draft.fault,
            stop=draft.stop,
            deleted=draft.deleted,
            any=draft.any,
            master_rx_lower_pri=draft.master_rx_lower_pri,
            smtp_alert=next((value for value in inherited if value is not None), None),
            report_deleted=draft.report_deleted,
        )

    def _unused_scripts(self, routers: dict[str, VirtualRouter], groups: dict[str, SyncGroup]) -> None:
        trackers: list[VirtualRouter | SyncGroup] = [*routers.values(), *groups.values()]
        used = {tracked.name for tracker in trackers for tracked in tracker.track_scripts}
        for name, head in self.drafts.script_heads.items():
            if name not in used:
                self.error(
                    head,
                    "unused-script",
                    f"Warning - script {name} is not used",
                    help="list it in track_script of an instance, or remove it",
                    warning=True,
                    silent=True,
                )

    def _definitions(self) -> GlobalDefinitions:
        draft = self.definitions
        return GlobalDefinitions(
            router_id=draft.router_id,
            mail=Mail(
                server=draft.smtp_server,
                port=draft.smtp_port,
                helo_name=draft.smtp_helo_name,
                connect_timeout_us=draft.smtp_connect_timeout_us,
                sender=draft.email_from,
                recipients=tuple(draft.emails),
            ),
            smtp_alert=draft.smtp_alert,
            default_interface=draft.default_interface,
            script_account=draft.script_account,
            script_security=draft.script_security,
            dynamic_interfaces=draft.dynamic_interfaces,
            garp_interval_us=draft.garp_interval_us,
            gna_interval_us=draft.gna_interval_us,
            log_unknown_vrids=draft.log_unknown_vrids,
            notify_fifo=draft.notify_fifo,
            vrrp_notify_fifo=draft.vrrp_notify_fifo,
            net_namespace=draft.net_namespace,
            instance=draft.instance,
            use_pid_dir=draft.use_pid_dir,
            child_wait_time_us=draft.child_wait_time_us,
            umask=draft.umask,
            vrrp_no_swap=draft.vrrp_no_swap,
            vrrp_nice=draft.vrrp_nice,
            vrrp_realtime_priority=draft.vrrp_realtime_priority,
            startup_delay_us=draft.startup_delay_us,
        )


def _weighted(trackers: dict[str, Tracked]) -> list[Tracked]:
    return [tracked for tracked in trackers.values() if tracked.weight.value]


def _without_weight(tracked: Tracked) -> Tracked:
    return replace(tracked, weight=Weight(0, tracked.weight.reverse))


def _usable(state: ScriptState) -> bool:
    return bool(state & ScriptState.EXECUTABLE) and not state & (
        ScriptState.NOT_FOUND | ScriptState.INHIBITED
    )


def _conflict(first: VirtualRouter, second: VirtualRouter) -> str:
    """keepalived's words for two instances of one VRID, interface and address that get in each other's
    way; empty if their peers differ."""
    if first.unicast:
        ours = {peer.address for peer in first.unicast_peers}
        theirs = {peer.address for peer in second.unicast_peers}
        if first.source_address is None or not ours & theirs:
            return ""
        return f"({first.name}) duplicate VRID conflict with {second.name} VRID {first.vrid}"
    return (
        f"{first.name} and {second.name} both use VRID {first.vrid} "
        f"with IPv{first.family} on interface {first.interface}"
    )
