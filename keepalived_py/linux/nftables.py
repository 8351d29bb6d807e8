"""Drop packets with nftables (`no_accept`, `use_vmac`): carries out what is to be dropped, in one
transaction for each change.

The kernel is asked directly, and answers before `send` returns: no program `nft` is run, or needed.
"""

import errno
import os
import socket
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from pyroute2.netlink import NLM_F_REQUEST, NLMSG_ERROR

from keepalived_py.linux.netlink import DATAGRAM, error_number, pack_message, split_datagram
from keepalived_py.linux.nftables_message import (
    BATCH_BEGIN,
    BATCH_END,
    IPV4,
    IPV6,
    Element,
    Message,
    Set,
    delete_elements,
    delete_table,
    get_table,
    new_elements,
)
from keepalived_py.linux.nftables_table import (
    NEEDS,
    PART_OF,
    VIPS,
    VIPS_LINK_LOCAL,
    VIPS_LINK_LOCAL_NAME,
    VMAC_MAP,
    VMAC_SET,
    Part,
    Table,
    index_key,
    with_index,
    with_name,
)
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.firewall import DEFAULT_TABLE, firewall_in_use, needs_firewall
from keepalived_py.model.units import Address
from keepalived_py.vrrp.actions import FilteredAddress, Log

SEND_BUFFER = 4 * 1024 * 1024
"""Octets; a transaction is sent as one datagram."""
_NETLINK_NETFILTER = 12
_SO_SNDBUFFORCE = 32
_FAMILIES = {4: IPV4, 6: IPV6}
_ABSENT = (errno.EOPNOTSUPP, errno.EPROTONOSUPPORT, errno.EAFNOSUPPORT)
"""What a kernel says that was built without nf_tables."""


class NftablesSocket:
    """Speaks to nf_tables. Raises OSError where the kernel has none."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_NETFILTER)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_SNDBUFFORCE, SEND_BUFFER)
        self._socket.bind((0, 0))
        self._socket.setblocking(False)
        self._sequence = 0

    def commit(self, messages: Sequence[Message]) -> int:
        """Carry out all messages, or none; 0 if it was done, or else the first errno."""
        return self._ask([BATCH_BEGIN, *messages, BATCH_END])

    def has_table(self, family: int, name: str) -> bool:
        return self._ask([get_table(family, name)]) == 0

    def _ask(self, messages: Sequence[Message]) -> int:
        octets = bytearray()
        for message in messages:
            self._sequence += 1
            octets += pack_message(message.kind, NLM_F_REQUEST | message.flags, self._sequence, message.body)
        try:
            self._socket.send(octets)
        except OSError as error:
            return error.errno or errno.EIO
        # As no acknowledgement was asked for, we hear only of what was refused.
        refusals: list[int] = []
        while True:
            try:
                datagram = self._socket.recv(DATAGRAM)
            except BlockingIOError:
                return refusals[0] if refusals else 0
            except OSError as error:
                refusals.append(error.errno or errno.EIO)
                continue
            for kind, _, answer in split_datagram(datagram):
                if kind == NLMSG_ERROR:
                    refusals.append(error_number(answer))

    def close(self) -> None:
        self._socket.close()


@dataclass(frozen=True, slots=True)
class _Entry:
    """An element, and the set that it is in."""

    set: Set
    element: Element


class Nftables:
    """What is dropped at present. Whatever the kernel refuses is logged, and the rest goes on."""

    def __init__(self, log: Callable[[Log], None]) -> None:
        self._log = log
        self._socket: NftablesSocket | None = None
        self._table: Table | None = None
        self._says_no_iptables = False
        self._parts: dict[tuple[int, Part], None] = {}
        """Those that are made, in this order."""
        self._entries: dict[Hashable, tuple[_Entry, ...]] = {}
        """By whom they are for: the address that is filtered, or the name of the VMAC."""
        self._held: Counter[_Entry] = Counter()
        self._is_absent = False

    def configure(self, configuration: Configuration) -> None:
        """Use the table that this configuration says for what is to come."""
        wanted = configuration.definitions.firewall
        if wanted.iptables_in and wanted.nftables_table:
            self._log(Log("Both iptables and nftables have been specified - ignoring iptables"))
        elif wanted.use_ipsets and not wanted.iptables_in:
            message = "vrrp_ipsets has been specified but not vrrp_iptables - vrrp_ipsets will be ignored"
            self._log(Log(message))
        if needs_firewall(configuration) and not wanted.iptables_in and not wanted.nftables_table:
            message = "use_vmac or no_accept/strict specified, but no firewall configured - using nftables"
            self._log(Log(message))
        used = firewall_in_use(configuration)
        self._says_no_iptables = used.iptables_in is not None
        name = DEFAULT_TABLE if used.iptables_in else used.nftables_table
        if name is not None:
            # Sets that are made keep their types.
            by_index = self._table.by_index if self._table and self._parts else used.nftables_by_index
            self._table = Table(name, used.nftables_priority, by_index, used.nftables_counters)

    def add_rules(self, addresses: Iterable[FilteredAddress]) -> None:
        """Drop packets to and from these, too."""
        if table := self._table_to_use():
            entries = {it: _entry(it, table) for it in addresses}
            self._put(table, {it: (entry,) for it, entry in entries.items() if entry})

    def remove_rules(self, addresses: Iterable[FilteredAddress]) -> None:
        """Drop these no longer."""
        if self._table_to_use():
            self._take(addresses)

    def add_vmac(
        self, name: str, index: int, base_index: int, base_link_local: Address, families: Iterable[int]
    ) -> None:
        """Send the reports of an interface of ours, of IPv4 or IPv6, from the interface below it."""
        table = self._table_to_use()
        if table is None:
            return
        key, base = index_key(index), index_key(base_index)
        entries: list[_Entry] = []
        for family in families:
            entries.append(_Entry(VMAC_MAP[_FAMILIES[family]], Element(key, base)))
            if family == 6:
                known = (
                    with_index(base_link_local, index) if table.by_index else with_name(base_link_local, name)
                )
                entries.append(_Entry(VMAC_SET, Element(key)))
                entries.append(_Entry(table.parent_link_local, Element(known)))
        if self._entries.get(name) != tuple(entries):
            self._take([name])
            self._put(table, {name: tuple(entries)})

    def remove_vmac(self, name: str) -> None:
        """Before it is deleted, or after it was."""
        self._take([name])

    def stop(self) -> None:
        """Delete our tables."""
        if self._socket is None:
            return
        if self._table is not None and self._parts:
            families = dict.fromkeys(family for family, _ in self._parts)
            self._commit([delete_table(family, self._table.name) for family in families])
        self._socket.close()

    # Transactions

    def _table_to_use(self) -> Table | None:
        if self._says_no_iptables:
            self._says_no_iptables = False
            message = "Not using iptables since iptables uses nf_tables - please update configuration"
            self._log(Log(message))
        return self._table

    def _put(self, table: Table, new: Mapping[Hashable, tuple[_Entry, ...]]) -> None:
        new = {owner: entries for owner, entries in new.items() if owner not in self._entries}
        added = [it for it in dict.fromkeys(chain.from_iterable(new.values())) if it not in self._held]
        number = self._add(table, added)
        if number == errno.ENOENT and self._parts:  # Someone has deleted our tables.
            known, self._parts = self._parts, {}
            number = self._add(table, [*self._held, *added])
            if number:
                self._parts = known
        if number:
            self._complain(number)
        else:
            self._entries.update(new)
            self._held.update(chain.from_iterable(new.values()))

    def _take(self, owners: Iterable[Hashable]) -> None:
        taken = chain.from_iterable(self._entries.pop(owner, ()) for owner in owners)
        gone: list[_Entry] = []
        for entry in taken:
            self._held[entry] -= 1
            if not self._held[entry]:
                del self._held[entry]
                gone.append(entry)
        number = self._delete(gone)
        if number == errno.ENOENT:  # Someone has deleted some of them.
            for entry in gone:
                self._delete([entry])
        elif number:
            self._complain(number)

    def _add(self, table: Table, entries: Sequence[_Entry]) -> int:
        parts = self._missing_parts(entries)
        messages = [] if self._parts or not parts else self._delete_remains(table)
        for family, part in parts:
            messages += table.make(family, part)
        for it, elements in _by_set(entries).items():
            messages += new_elements(table.name, it, elements)
        number = self._commit(messages)
        if not number:
            self._parts.update(parts)
        return number

    def _delete(self, entries: Sequence[_Entry]) -> int:
        if self._table is None:
            return 0
        messages: list[Message] = []
        for it, elements in _by_set(entries).items():
            messages += delete_elements(self._table.name, it, elements)
        return self._commit(messages)

    def _missing_parts(self, entries: Sequence[_Entry]) -> dict[tuple[int, Part], None]:
        """In the order in which they are to be made."""
        missing: dict[tuple[int, Part], None] = {}
        for it in entries:
            needed: Part | None = PART_OF[it.set.name]
            branch: list[tuple[int, Part]] = []
            while needed:
                branch.insert(0, (it.set.family, needed))
                needed = NEEDS[needed]
            missing.update(dict.fromkeys(part for part in branch if part not in self._parts))
        return missing

    def _delete_remains(self, table: Table) -> list[Message]:
        """What deletes the tables that were left behind, of both families."""
        messages: list[Message] = []
        for family, protocol in ((IPV4, "ip"), (IPV6, "ip6")):
            if self._open() == 0 and self._socket and self._socket.has_table(family, table.name):
                self._log(Log(f"Deleting old {protocol} {table.name} table"))
                messages.append(delete_table(family, table.name))
        return messages

    def _open(self) -> int:
        if self._socket is None:
            try:
                self._socket = NftablesSocket()
            except OSError as error:
                return error.errno or errno.EIO
        return 0

    def _commit(self, messages: Sequence[Message]) -> int:
        """Carry out a transaction; its errno."""
        if not messages:
            return 0
        number = self._open()
        return self._socket.commit(messages) if self._socket else number

    def _complain(self, number: int) -> None:
        error = f"{os.strerror(number)}({number})"
        if number not in _ABSENT:
            self._log(Log(f"nftables: error: {error}"))
        elif not self._is_absent:
            self._is_absent = True
            what = "addresses with no_accept answer, and VMACs send reports of their own"
            self._log(Log(f"The kernel has no nftables: {error}. Nothing is dropped: {what}"))


def _by_set(entries: Iterable[_Entry]) -> dict[Set, list[Element]]:
    sets: dict[Set, list[Element]] = {}
    for it in entries:
        sets.setdefault(it.set, []).append(it.element)
    return sets


def _entry(it: FilteredAddress, table: Table) -> _Entry | None:
    """What an address is in a set; None for one on an interface that does not exist."""
    family = _FAMILIES[it.address.version]
    if not it.address.is_link_local or family == IPV4:
        return _Entry(VIPS[family], Element(it.address.packed))
    if it.device is None:
        return None
    if it.survives_device and not table.by_index:
        return _Entry(VIPS_LINK_LOCAL_NAME, Element(with_name(it.address, it.device)))
    try:
        index = socket.if_nametoindex(it.device)
    except OSError:
        return None
    return _Entry(VIPS_LINK_LOCAL, Element(with_index(it.address, index)))
