"""Work that another process does, so that a second core has something to do."""

import multiprocessing
import signal
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection
from typing import TypeVar

T = TypeVar("T")
_END, _PIECE, _FAILED = "end", "piece", "failed"


class Failed(Exception):
    """The other process ended before its work did; says why."""


def made_elsewhere(work: Iterable[T]) -> Iterator[T]:
    """What ``work`` gives, made in a copy of this process that is at most a piece ahead. Raises Failed.

    It must ask no database: the connection is this process's own.
    """
    context = multiprocessing.get_context("fork")  # why: what ``work`` holds needn't be sent, and no settings be read
    mine, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_make, args=(work, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        while True:
            try:
                what, piece = mine.recv()
            except EOFError:
                raise Failed("the process that works out the copies was ended from outside") from None
            if what == _FAILED:
                raise Failed(piece)
            if what == _END:
                return
            yield piece
    finally:
        mine.close()
        process.terminate()
        process.join()


def _make(work: Iterable[T], out: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever waits for the pieces, and then ends this
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # whatever the copied process does at its end is not this one's
    try:
        for piece in work:
            out.send((_PIECE, piece))
        out.send((_END, None))
    except BrokenPipeError:
        return  # nobody waits for more
    except Exception as error:
        out.send((_FAILED, f"{type(error).__name__}: {error}"))
