"""How a child gets a configuration that its parent has loaded: parent and child can never differ."""

import os
import pickle

from keepalived_py.model.configuration import Configuration


class SharedConfiguration:
    """The configuration that is to run, in memory that children inherit by fork.

    The parent writes only while no child reads: between the signal that tells a child to reload
    and the child's answer it waits.
    """

    def __init__(self, configuration: Configuration) -> None:
        self._descriptor = os.memfd_create("configuration")
        self.write(configuration)

    def write(self, configuration: Configuration) -> None:
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, pickle.dumps(configuration), 0)

    def read(self) -> Configuration:
        size = os.fstat(self._descriptor).st_size
        configuration = pickle.loads(os.pread(self._descriptor, size, 0))
        assert isinstance(configuration, Configuration)
        return configuration

    def close(self) -> None:
        os.close(self._descriptor)
