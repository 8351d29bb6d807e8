"""VRRP, pure: events in, actions out. No sockets, clock, random numbers, logging, processes, files."""
