"""Lint: what keepalived takes without a word, and what yet cannot do what it says."""

from collections.abc import Iterator

from keepalived_py.check.lint import (
    addresses,
    authentication,
    checks,
    commands,
    election,
    groups,
    host,
    lvs,
    mail,
    strict,
    tracking,
    unicast,
    words,
)
from keepalived_py.check.lint.rule import Rule, Subject
from keepalived_py.config.diagnostic import Diagnostic

__all__ = ["RULES", "Rule", "Subject", "lint"]

RULES: tuple[Rule[Subject], ...] = (
    words.odd_character,
    words.escaped_quote,
    words.repeated_keyword,
    words.ignored_words,
    words.comment_in_password,
    words.escaped_comment,
    words.undefined_name,
    words.newer_keyword,
    words.template_not_filled,
    commands.shell_syntax,
    commands.needs_bash,
    commands.command_not_quoted,
    commands.command_in_tmp,
    commands.relative_command,
    commands.command_stops_keepalived,
    checks.check_always_succeeds,
    checks.grep_finds_itself,
    checks.check_never_ends,
    checks.curl_without_fail,
    tracking.timeout_over_interval,
    tracking.misc_timeout_over_delay_loop,
    tracking.unused_process,
    tracking.unused_file,
    tracking.unused_bfd,
    election.saturated_weight,
    election.weight_with_nopreempt,
    election.owner_by_default,
    addresses.not_a_host_address,
    addresses.address_twice,
    addresses.alias_interface,
    addresses.ipv6_version_2,
    addresses.prefixes_overlap,
    addresses.gateway_is_virtual,
    unicast.own_address_as_peer,
    unicast.virtual_address_as_peer,
    authentication.password_without_type,
    authentication.tutorial_password,
    host.address_off_subnet,
    host.own_address_as_virtual,
    host.command_not_found,
    groups.members_differ,
    strict.strict_without_accept,
    lvs.unchecked_real_server,
    lvs.virtual_server_elsewhere,
    lvs.check_of_other_server,
    lvs.unused_virtual_server_group,
    lvs.virtual_server_twice,
    mail.alert_to_nobody,
    mail.mail_never_sent,
)


def lint(subject: Subject) -> Iterator[Diagnostic]:
    """What the rules find, rule by rule."""
    for rule in RULES:
        yield from rule.apply(subject)
