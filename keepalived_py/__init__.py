"""keepalived.conf, run in Python: VRRP failover that is a drop-in for keepalived."""

__version__ = "0.1.0"
