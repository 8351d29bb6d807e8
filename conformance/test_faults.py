"""A few random faults; `make faults` has twenty."""

from conformance.faults import cluster


def test_the_address_is_served_again_after_each_fault() -> None:
    with cluster(seed=1) as it:
        for _ in range(5):
            it.cycle()
        it.end()
