x: int | None = 1
y: "Optional[list[int]]" = None
z: dict[str, int] | list[int] | None = {}
w: tuple[str, ...] | str | None = ()
v: Callable[[int], None] | None
a.b: Literal["a", "b"] = 3
n = [0x1F, 0o17, 0b11, 1_000, 10**30, 123456789012345678901234567890, 1.5, 1e-3, 1e999, 2j, .5]
s = ["a\n\x41\u00e9\U0001F600\101\'", r"\n\"", b"\x00\xff", "a" 'b' "c", """x
y""", "\
joined", u"u", rb"\d"]
f = f"a{x!r:>{w}.2f}b{{y}}\n{z=}{z = !s}" "plain" f'{a["k"]}' f""
not a == b
a not in b is not c < d <= e
a and b and (c and d) or e or f
x if y else z if w else v
lambda: 0
lambda a, *b, c=1, **d: (a, b)
x[1:2, ::3]
x[a,]
x[:]
x[1:]
x[::]
f(*a, **b, c=1)
f(x for x in y)
[x async for x in y if a if b for z in x]
{k: v for k, v in d.items()}
{*a, 1}
{**a, "b": 1}
[*a, *b.c]
(*a(b), 1)
x = *f(1), *g[2], *h.i
(y := 5)
-x ** ~y // +z % w @ v << 1 >> 2 & 3 | 4 ^ 5
...
(1,)
()
a.b[c].d(e).f
await_ = 1
type = 3
match = case = 2
print(match, case)
