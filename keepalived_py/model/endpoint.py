"""Where a service listens."""

from dataclasses import dataclass

from keepalived_py.model.units import Address


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address and a port, 1..65535; None and 0 where there is none."""

    address: Address | None = None
    port: int = 0

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}"

    def of(self, protocol: str) -> str:
        """The form that names the protocol, too: `[10.0.0.1]:tcp:80`."""
        return f"[{self.host}]:{protocol}:{self.port}"

    @property
    def host(self) -> str:
        """The address as messages name it."""
        return "(none)" if self.address is None else str(self.address)


UNSPECIFIED = Endpoint()
