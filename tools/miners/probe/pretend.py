"""A machine that this one is not: functions that answer as they would there."""

from names import Missing, find
from values import decode


def pretend(answers):
    """Each dotted name gets a value; where a function stands, one that gives the value whatever it is called with.

    Names that this version of the engine lacks are left out.
    """
    for dotted, tagged in answers.items():
        holder, _, name = dotted.rpartition(".")
        try:
            found = find(holder)
            old = getattr(found, name)
        except (Missing, AttributeError):
            continue
        value = decode(tagged)
        setattr(found, name, giving(value) if callable(old) else value)


def giving(value):
    def give(*_positional, **_keywords):
        return value

    return give


def not_shown(expected):
    """The names that do not have the value that the pretended machine gives them."""
    return [f"{name} = {tagged!r}" for name, tagged in expected.items() if shown(name) != decode(tagged)]


def shown(name):
    try:
        return find(name)
    except Missing:
        return Missing
