"""Whether the kernel tells of changes in a directory: not in those that it makes up or that others serve."""

import ctypes
import os

UNWATCHABLE = {
    0xCAFE4A11: "bpf",
    0x0027E0EB: "cgroup",
    0x63677270: "cgroup2",
    0x64626720: "debugfs",
    0x00001CD1: "devpts",
    0xDE5E81E4: "efivarfs",
    0x65735546: "fuse",
    0x19800202: "mqueue",
    0x00006969: "nfs",
    0x50495045: "pipefs",
    0x00009FA0: "proc",
    0x00007275: "romfs",
    0xF97CFF8C: "selinuxfs",
    0x0000517B: "smb",
    0xFE534D42: "smb2",
    0x534F434B: "sockfs",
    0x62656572: "sysfs",
    0x012FF7B6: "sysv2",
    0x012FF7B5: "sysv4",
    0x74726163: "tracefs",
}
"""By their magic numbers (statfs(2)); keepalived refuses the same."""

_STATFS_BYTES = 512
"""More than any machine's struct statfs has; its first word is the magic number."""
_MAGIC_MASK = 0xFFFFFFFF


def can_be_watched(directory: str) -> bool:
    """Whether files in a directory can be watched and written. One that cannot be asked can."""
    try:
        if os.statvfs(directory).f_flag & os.ST_RDONLY:
            return False
    except OSError:
        return True
    answer = ctypes.create_string_buffer(_STATFS_BYTES)
    if ctypes.CDLL(None).statfs(os.fsencode(directory), answer):
        return True
    return ctypes.c_long.from_buffer(answer).value & _MAGIC_MASK not in UNWATCHABLE
