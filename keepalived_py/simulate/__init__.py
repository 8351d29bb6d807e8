"""The other world: the engines as they are, on a virtual clock, network, kernel and process table.

Everything that happens follows from a configuration per node, a list of steps and one seed.
"""
