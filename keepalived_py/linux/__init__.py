"""Effects on this machine: thin adapters between the engine and the kernel."""

import sys
from importlib.util import find_spec, module_from_spec

# pyroute2 imports all of its tools with the package: several hundred modules, which cost more time
# than all else before the first advert. The message classes that are used here need none of them, so
# the package stands there unexecuted: its modules can be imported, its own names cannot.
if "pyroute2" not in sys.modules and (_spec := find_spec("pyroute2")):
    sys.modules["pyroute2"] = module_from_spec(_spec)
