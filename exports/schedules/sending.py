"""One attempt after another: what may be tried again, how long to wait, and when to give up."""

from collections.abc import Callable
from dataclasses import dataclass

WAITS = (2.0, 10.0, 60.0)


class Unreachable(Exception):  # noqa: N818 - said as it happened
    """A destination did not answer, or asked to come back later: worth trying again."""


class Refused(Exception):  # noqa: N818 - said as it happened
    """A destination said no, and would say so again."""


class Stopped(Exception):  # noqa: N818 - said as it happened
    """The process was asked to stop; the run is to be repeated."""


@dataclass(frozen=True)
class Sent:
    """Whether something was sent, after how many tries, and the reason if not."""

    done: bool
    tries: int
    error: str = ""


def send(action: Callable[[], None], pause: Callable[[float], None], waits: tuple[float, ...] = WAITS) -> Sent:
    """Carry an action out, again after each wait while its destination cannot be reached.

    `pause` waits for seconds; it may raise `Stopped`, which goes through.
    """
    error = ""
    for tries, wait in enumerate((0.0, *waits), 1):
        if wait:
            pause(wait)
        try:
            action()
            return Sent(True, tries)
        except Unreachable as reason:
            error = str(reason)
        except Refused as reason:
            return Sent(False, tries, str(reason))
    return Sent(False, 1 + len(waits), f"{error} (tried {1 + len(waits)} times)")
