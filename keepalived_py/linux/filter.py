"""Programs of the classic BPF, which the kernel runs on what arrives before it wakes us (socket(7),
SO_ATTACH_FILTER)."""

import ctypes
import socket
import struct
from collections.abc import Collection, Sequence
from typing import TypeAlias

from keepalived_py.vrrp.packet.advert import HEADER_OCTETS, VRID_OFFSET
from keepalived_py.vrrp.packet.ip import IPV4_OCTETS

Instruction: TypeAlias = tuple[int, int, int, int]
"""Code, how many instructions to jump over if true, and if false, operand."""

LOAD_OCTET, LOAD_OCTET_BEHIND, LOAD_LENGTH = 0x30, 0x50, 0x80
"""At an offset, and at an offset from the index; the length of the packet."""
INDEX_OF_IP_HEADER_LENGTH = 0xB1
SUBTRACT_INDEX = 0x1C
JUMP_IF_EQUAL, JUMP_IF_AT_LEAST = 0x15, 0x35
PASS: Instruction = (0x06, 0, 0, 0xFFFFFFFF)
DROP: Instruction = (0x06, 0, 0, 0)

_SO_ATTACH_FILTER = 26
_INDEX_0: Instruction = (0x01, 0, 0, 0)


def attach_filter(receiver: socket.socket, program: Sequence[Instruction]) -> None:
    """Let a socket receive only what a program passes, instead of what another one did before."""
    octets = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *each) for each in program))
    described = struct.pack("HL", len(program), ctypes.addressof(octets))
    receiver.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, described)


def vrid_filter(vrids: Collection[int], *, has_header: bool) -> tuple[Instruction, ...]:
    """Passes VRRP messages for these virtual routers, and what is too short to be one; that is for us to
    say. `has_header`: the header of IPv4, with its options, comes first, as in raw sockets."""
    index: Instruction = (INDEX_OF_IP_HEADER_LENGTH, 0, 0, 0) if has_header else _INDEX_0
    shortest = IPV4_OCTETS if has_header else 0
    return (
        # What is shorter than the shortest header has no length to read.
        (LOAD_LENGTH, 0, 0, 0),
        (JUMP_IF_AT_LEAST, 1, 0, shortest),
        PASS,
        index,
        (LOAD_LENGTH, 0, 0, 0),
        (SUBTRACT_INDEX, 0, 0, 0),
        # A header that claims to be longer than the packet makes this a huge number, and the load fail.
        (JUMP_IF_AT_LEAST, 1, 0, HEADER_OCTETS),
        PASS,
        (LOAD_OCTET_BEHIND, 0, 0, VRID_OFFSET),
        *(step for vrid in sorted(vrids) for step in ((JUMP_IF_EQUAL, 0, 1, vrid), PASS)),
        DROP,
    )
