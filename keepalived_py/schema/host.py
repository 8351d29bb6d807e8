"""What a configuration refers to that only the machine knows."""

from typing import Protocol


class Host(Protocol):
    """A machine to check a configuration against."""

    def has_interface(self, name: str) -> bool:
        """Whether there is a network interface of this name."""

    def has_account(self, user: str, group: str | None) -> bool:
        """Whether the user, and the group if one is named, exist."""

    def has_directory(self, path: str) -> bool:
        """Whether the directory that holds `path` can be watched."""


class AnyHost:
    """A machine that has everything: for checks offline, of files meant for another machine."""

    def has_interface(self, name: str) -> bool:
        return True

    def has_account(self, user: str, group: str | None) -> bool:
        return True

    def has_directory(self, path: str) -> bool:
        return True
