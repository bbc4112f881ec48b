from __future__ import annotations
from ..a.b import (c as d, e)
from . import *
import a.b as c, d.e
@decorator
@module.decorator(1, x=2)
class A(B, C[int], metaclass=M, **kw):
    """Text."""
    field: int = 1
    @property
    async def f(self, a, /, b: int = 1, *args: int, c=2, d, **kw: str) -> list[int]:
        async with open(a) as f, g() as (h, i), j:
            await f
        async for x in y:
            yield x
        else:
            return
        nonlocal q
def g(a, *, b): return 1, 2
def h(*, a=1): yield
def i(a, b=2, /): x = yield from y; global z; del z, w; del (a, b)
try:
    pass
except (A, B) as e:
    raise X from Y
except C:
    raise
except:
    pass
else:
    pass
finally:
    pass
with (open(a) as f, g()):
    pass
with A() if b else C() as d:
    pass
for i, (j, *k) in x, y:
    if i:
        continue
    elif j:
        break
    elif k:
        pass
    else:
        i += 1
while True:
    a = b = c, d = 1
else:
    a //= 2; b **= 3; c @= d; d >>= 1
assert a, "b"
match x, y:
    case A(b=1) | None if q:
        pass
    case [a, *rest] as z:
        pass
    case {"k": v, **others}:
        pass
    case _:
        pass
type(self).saved = 1
x = (  # comment
    1)
if a: b
else: c
# comment
