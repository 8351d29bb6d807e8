"""Rules about passwords."""

from collections.abc import Iterator

from keepalived_py.check.lint.rule import Finding, Subject, rule
from keepalived_py.model.router import AuthType

_TUTORIALS = """
    0000 1111 2222 3333 4444 5555 6666 7777 8888 9999 111111 1122 1234 12345 123456 1234567 12345678
    1q2w3e4r 42 abc123 abcd1234 admin auth-pass changeit changeme example keepaliv letmein mypass
    mypasswo pass pass1234 passw0rd passwd password qwerty root secret secretpa test test123 verysecr
    yourpass
"""
"""As far as they count: eight characters."""


@rule("password-without-type")
def password_without_type(subject: Subject) -> Iterator[Finding]:
    """There is an `auth_pass` and no `auth_type`: adverts are sent and accepted without a password."""
    for router in subject.configuration.routers.values():
        statement = subject.text.keyword(router.place, "authentication", "auth_pass")
        if statement and not subject.text.keyword(router.place, "authentication", "auth_type"):
            yield Finding(
                statement.span(),
                f"({router.name}) the password is not used without auth_type",
                "add: auth_type PASS",
            )


@rule("tutorial-password")
def tutorial_password(subject: Subject) -> Iterator[Finding]:
    """The password is one that stands in tutorials. All it does is to keep apart clusters that use the
    same `virtual_router_id` by mistake, and it does not if both have copied it."""
    for router in subject.configuration.routers.values():
        if router.auth_type is AuthType.NONE:
            continue
        password = router.auth_data.rstrip(b"\0").decode("utf-8", "replace")
        statement = subject.text.keyword(router.place, "authentication", "auth_pass")
        if statement and password.lower() in _TUTORIALS.split():
            yield Finding(
                statement.span(1),
                f"({router.name}) everybody knows the password '{password}'",
                "eight random characters, the same on all nodes",
            )
