"""Users and groups: those that every machine has."""

import os

import pytest

from keepalived_py.linux.accounts import (
    AccountError,
    Credentials,
    own_credentials,
    resolve,
    resolve_default,
)
from keepalived_py.model.command import Account


def test_user_comes_with_its_own_group() -> None:
    assert resolve(Account("root")) == Credentials(0, 0)


def test_group_may_be_another() -> None:
    assert resolve(Account("nobody", "root")) == Credentials(resolve(Account("nobody")).uid, 0)


def test_colon_asks_for_the_supplementary_groups() -> None:
    groups = frozenset(os.getgrouplist("root", 0))
    assert resolve(Account("root", ":")) == Credentials(0, 0, groups)
    assert resolve(Account("root", ":nogroup")) == Credentials(0, resolve(Account("nobody")).gid, groups)


def test_numbers_are_understood() -> None:
    assert resolve(Account("0")) == Credentials(0, 0)
    assert resolve(Account("4242424", "4343434")) == Credentials(4242424, 4343434)


@pytest.mark.parametrize(
    "account",
    [Account("no-such-user"), Account("root", "no-such-group"), Account("4242424")],
    ids=["user", "group", "number without a group"],
)
def test_unknown_account_is_an_error(account: Account) -> None:
    with pytest.raises(AccountError):
        resolve(account)


def test_default_is_script_user() -> None:
    assert resolve_default(Account("nobody")) == resolve(Account("nobody"))


def test_default_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(AccountError):
        resolve_default(Account("no-such-user"))


def test_without_script_user_commands_run_as_ourselves() -> None:
    try:
        resolve(Account("keepalived_script"))
    except AccountError:
        assert resolve_default(None) == own_credentials() == Credentials(os.geteuid(), os.getegid())
    else:
        pytest.skip("this machine has a user keepalived_script")
