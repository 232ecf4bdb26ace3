"""A folder as the demo's queue: the library's own transport, with files that appear whole.

The library's writes a message into a file that workers see already. One that looks between the file's birth and its
last byte takes half a message, and dies of it.
"""

import os
import uuid
from pathlib import Path
from time import monotonic
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

SCHEME = "folder"


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:
        folder = Path(self.data_folder_out)
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}"
        part = _written(folder / f"{name}.part", dumps(payload))
        os.replace(part, folder / f"{name}.{queue}.msg")

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        """The library makes the table's file empty and fills it: others may read in between."""
        file = self._exchange_file(exchange)
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            part = _written(file.with_name(f"{uuid.uuid4()}.part"), "[]")
            try:
                os.link(part, file)
            except FileExistsError:
                pass  # another process was first; its table stands
            finally:
                part.unlink()
        super()._queue_bind(exchange, routing_key, pattern, queue)


def _written(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


class Transport(filesystem.Transport):
    Channel = Channel


def register() -> None:
    """Have broker addresses that begin with ``folder://`` mean this transport."""
    TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"
