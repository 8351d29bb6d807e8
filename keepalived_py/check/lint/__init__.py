"""Lint: what keepalived takes without a word, and what yet cannot do what it says."""

from collections.abc import Iterator

from keepalived_py.check.lint import (
    addresses,
    authentication,
    commands,
    election,
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
    words.repeated_keyword,
    words.ignored_words,
    words.comment_in_password,
    words.undefined_name,
    words.newer_keyword,
    commands.shell_syntax,
    commands.command_not_quoted,
    tracking.timeout_over_interval,
    tracking.unused_process,
    tracking.unused_file,
    election.saturated_weight,
    election.weight_with_nopreempt,
    election.owner_by_default,
    addresses.not_a_host_address,
    addresses.address_twice,
    addresses.alias_interface,
    addresses.ipv6_version_2,
    unicast.own_address_as_peer,
    unicast.virtual_address_as_peer,
    authentication.password_without_type,
    authentication.tutorial_password,
    host.address_off_subnet,
    host.own_address_as_virtual,
    host.command_not_found,
    strict.strict_without_accept,
    lvs.unchecked_real_server,
    lvs.virtual_server_elsewhere,
    mail.alert_to_nobody,
)


def lint(subject: Subject) -> Iterator[Diagnostic]:
    """What the rules find, rule by rule."""
    for rule in RULES:
        yield from rule.apply(subject)
