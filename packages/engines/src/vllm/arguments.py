"""Where the engine's configuration holds each of its arguments, from the source of the class of arguments.

The default of an argument names its place: `x: T = CacheConfig.y`, or a call whose arguments are the class and "y".
"""

import ast
import inspect
import textwrap


def places_of_arguments(cls):
    """Class and field of the configuration for each argument that names them."""
    found = {}
    for owner in reversed(cls.__mro__[:-1]):
        tree = ast.parse(textwrap.dedent(inspect.getsource(owner))).body[0]
        for node in tree.body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                place = place_of(node.value)
                if place is not None:
                    found[node.target.id] = place
    return found


def place_of(node):
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.value.id, node.attr
    if isinstance(node, ast.Call) and len(node.args) == 2:
        owner, name = node.args
        if isinstance(owner, ast.Name) and isinstance(name, ast.Constant) and isinstance(name.value, str):
            return owner.id, name.value
    return None
