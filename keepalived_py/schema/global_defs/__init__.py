"""`global_defs`: what holds for everything."""

from keepalived_py.schema.global_defs.agents import AGENTS
from keepalived_py.schema.global_defs.files import FILES
from keepalived_py.schema.global_defs.filters import FILTERS
from keepalived_py.schema.global_defs.lvs import LVS
from keepalived_py.schema.global_defs.mail import MAIL
from keepalived_py.schema.global_defs.process import PROCESS_KEYWORDS, PROCESSES
from keepalived_py.schema.global_defs.scripts import SCRIPTS
from keepalived_py.schema.global_defs.vrrp import VRRP

__all__ = ["GLOBAL_DEFS", "PROCESS_KEYWORDS"]

GLOBAL_DEFS = MAIL | VRRP | SCRIPTS | PROCESSES | FILTERS | LVS | FILES | AGENTS
