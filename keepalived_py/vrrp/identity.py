"""Enums that are looked up for every advert."""

from enum import Enum


class IdentityEnum(Enum):
    """Its members are hashed by identity, which is what makes them equal: Enum hashes their names, in
    Python, each time."""

    __hash__ = object.__hash__
