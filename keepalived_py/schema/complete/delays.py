"""`interface_up_down_delays`: no longer than the others may be left without adverts."""

from collections.abc import Mapping
from dataclasses import replace

from keepalived_py.model.router import VirtualRouter
from keepalived_py.schema.complete.completion import Completion


def fit_delays(completion: Completion, routers: Mapping[str, VirtualRouter]) -> None:
    """Shorten delays that are longer than an instance on the interface can bear, and say so."""
    interfaces, heads = completion.drafts.interfaces, completion.heads
    for router in routers.values():
        settings = interfaces.get(router.interface or "")
        if router.interface is None or settings is None:
            continue
        down_us, up_us = settings.down_delay_us, settings.up_delay_us
        if router.down_timer_adverts == 1:
            if down_us or up_us:
                message = "cannot use debounce timers with down_timer_adverts = 1 - resetting"
                completion.say(heads[router.name], "delay", f"{router.name}: {message}")
                interfaces[router.interface] = replace(settings, down_delay_us=0, up_delay_us=0)
            continue
        limit_us = router.link_delay_max_us(router.advert_interval_us)
        if down_us > limit_us:
            adverts = router.down_timer_adverts - 1
            message = f"interface {router.interface} debounce timer(s) not less that {adverts} * advert_int"
            completion.say(heads[router.name], "delay", f"{router.name}: {message} - resetting")
            up_us = limit_us if up_us == down_us else up_us
            interfaces[router.interface] = replace(settings, down_delay_us=limit_us, up_delay_us=up_us)
