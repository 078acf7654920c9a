"""How gunicorn serves `app:server`; `bilateral serve` adds the address and the number of workers."""

import sys
from typing import Any

preload_app = True  # charts are drawn once, for all workers, which share the memory
threads = 4
timeout = 60
loglevel = "warning"


def when_ready(server: Any) -> None:
    """Say where the dashboard is as soon as it answers."""
    where = ", ".join(str(listener) for listener in server.LISTENERS)
    sys.stdout.write(f"Bilateral is at {where} (stop with Ctrl-C)\n")
    sys.stdout.flush()
