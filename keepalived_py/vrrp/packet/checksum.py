"""The Internet checksum (RFC 1071) and the pseudo-headers of IPv4 and IPv6."""

import struct

from keepalived_py.model.units import Address


def checksum(data: bytes) -> int:
    """The Internet checksum of `data`, padded to an even length; 0 if it verifies."""
    if len(data) % 2:
        data += b"\0"
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def pseudo_header(source: Address, destination: Address, protocol: int, length: int) -> bytes:
    """What a checksum covers of the IP header (RFC 5798 §5.2.8, RFC 8200 §8.1); `length` is that of the
    payload in octets."""
    tail = "!BBH" if source.version == 4 else "!IHxB"
    fields = (0, protocol, length) if source.version == 4 else (length, 0, protocol)
    return source.packed + destination.packed + struct.pack(tail, *fields)
