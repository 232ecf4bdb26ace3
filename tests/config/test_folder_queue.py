"""The demo's queue: what a worker finds in the folder is whole, whenever it looks."""

import threading
from pathlib import Path

import pytest
from kombu import Connection
from kombu.transport import filesystem

from config import folder_queue


@pytest.fixture
def connect(tmp_path: Path):
    """A connection to a queue in a fresh folder; by another transport if one is given."""
    options = {
        "data_folder_in": str(tmp_path / "queue"),
        "data_folder_out": str(tmp_path / "queue"),
        "control_folder": str(tmp_path / "control"),
    }
    (tmp_path / "queue").mkdir()

    def connected(transport: type = folder_queue.Transport) -> Connection:
        return Connection(transport=transport, transport_options=options)

    return connected


def test_addresses_that_begin_with_folder_mean_this_transport():
    assert Connection("folder://").transport_cls is not None
    assert isinstance(Connection("folder://").transport, folder_queue.Transport)
    assert issubclass(folder_queue.Transport, filesystem.Transport)


class Curious:
    """A message that looks, while it is being written, at what a worker would find."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.seen = folder, None

    def __json__(self) -> dict[str, int]:
        self.seen = [path.name for path in self.folder.glob("*.msg")]
        return {"ring": 1}


@pytest.mark.parametrize(
    ("transport", "names"), [(folder_queue.Transport, 0), (filesystem.Transport, 1)], ids=["ours", "the library's"]
)
def test_a_worker_finds_a_message_when_it_is_whole_and_not_before(connect, tmp_path, transport, names):
    """The library's own shows it half written; once it doesn't, ours can go."""
    message = Curious(tmp_path / "queue")
    channel = connect(transport).channel()
    channel._put("work", message)

    assert len(message.seen) == names
    assert channel._get("work") == {"ring": 1}


def test_a_table_is_never_read_before_it_is_written(connect, tmp_path):
    """Many processes of the demo start at once, and each declares its queues."""
    problems: list[Exception] = []
    gate = threading.Barrier(8)

    def declare() -> None:
        try:
            with connect() as connection:
                gate.wait()
                connection.channel()._queue_bind("work", "work", None, "work")
                assert [row.queue for row in connection.channel().get_table("work")] == ["work"]
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=declare) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []
    assert [path.name for path in (tmp_path / "control").iterdir()] == ["work.exchange"]


def test_a_message_goes_through_and_leaves_no_file(connect, tmp_path):
    with connect() as connection:
        simple = connection.SimpleQueue("whole")
        simple.put({"ring": 1})
        message = simple.get(timeout=5)
        message.ack()
        simple.close()

    assert message.payload == {"ring": 1}
    assert list((tmp_path / "queue").iterdir()) == []
