"""What keepalived tells of itself: the configuration and the state of each process in the words and
the order of its SIGUSR1 file, `-d` and `-t -d`; and the counters of SIGUSR2."""
