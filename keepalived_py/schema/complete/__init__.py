"""What follows from several keywords: defaults, what instances inherit from `global_defs`, and what
does not go together. The order is keepalived's."""

from keepalived_py.config.diagnostic import Consequence
from keepalived_py.model.configuration import Configuration
from keepalived_py.model.process import Process
from keepalived_py.model.router import VirtualRouter
from keepalived_py.schema.complete.completion import Completion
from keepalived_py.schema.complete.definitions import definitions
from keepalived_py.schema.complete.duplicates import duplicate_vrids
from keepalived_py.schema.complete.groups import members_of_groups, sync_groups
from keepalived_py.schema.complete.instances import router, runs
from keepalived_py.schema.complete.scripts import check_scripts, unused_scripts
from keepalived_py.schema.complete.static import static_track_groups
from keepalived_py.schema.late import late
from keepalived_py.schema.scope import Scope


def complete(scope: Scope) -> Configuration:
    """The configuration that the drafts mean; what does not fit is reported and left out."""
    completion = Completion(scope)
    drafts = completion.drafts
    scope.findings.reader = Process.CHECKER
    servers = late(f"{__name__}.lvs", "virtual_servers")(completion) if drafts.lvs.servers else ()
    scope.findings.reader = Process.VRRP
    if drafts.missing_interface:
        scope.error(
            drafts.missing_interface,
            "no-interface",
            "Non-existent interface specified in configuration",
            word=None,
            consequence=Consequence.FATAL,
            located=False,
        )
        completion.halted = True
    check_scripts(completion)
    instances = [draft for draft in drafts.instances.values() if runs(completion, draft)]
    members = members_of_groups(completion, instances)
    routers: dict[str, VirtualRouter] = {}
    group_of = {name: drafts.groups[group] for group, names in members.items() for name in names}
    for draft in instances:
        if found := router(completion, draft, group_of.get(draft.name)):
            routers[draft.name] = found
    for name in duplicate_vrids(completion, routers):
        del routers[name]
    groups = sync_groups(completion, members, routers)
    unused_scripts(completion, routers, groups)
    return Configuration(
        definitions=definitions(completion),
        scripts=drafts.scripts,
        processes=drafts.processes,
        files=drafts.files,
        routers=routers,
        groups=groups,
        static_addresses=tuple(drafts.static_addresses),
        static_routes=tuple(drafts.static_routes),
        static_rules=tuple(drafts.static_rules),
        static_track_groups=static_track_groups(completion, routers),
        bfds=drafts.bfds,
        tracked_bfds=drafts.tracked_bfds,
        interfaces=drafts.interfaces,
        virtual_servers=servers,
        virtual_server_groups=tuple(drafts.lvs.groups),
        tls=drafts.lvs.tls,
        checker_bfds=tuple(drafts.checker_bfds),
    )
