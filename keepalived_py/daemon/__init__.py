"""The processes of the daemon: a parent that supervises, a child that does VRRP, and what they tell."""
