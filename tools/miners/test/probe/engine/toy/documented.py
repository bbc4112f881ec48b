"""Parameters that are written of in every place where classes write of them."""

import dataclasses


@dataclasses.dataclass
class Shared:
    limit: int = 3
    """How much of it."""
    quiet: bool = False


@dataclasses.dataclass
class Gathered:
    """Gathers.

    Args:
        loose (`int`): a text of the
            doc string, over two lines
        quiet: hidden by nothing
    """

    limit: int = Shared.limit
    loose: int = 1
    helped: str = dataclasses.field(default="x", metadata={"help": "helps"})
    own: float = 0.5
    """Below it."""
    silent: int = 0
