"""What a Python program does with JetStream: streams, pulls, pushes, key-value buckets, objects.

Usage: jetstream_tour.py URL
"""

import asyncio
import sys

import nats
from nats.js.api import ConsumerConfig, StreamConfig
from nats.js.errors import KeyNotFoundError, KeyWrongLastSequenceError, NotFoundError


async def streams(js):
    await js.add_stream(StreamConfig(name="PY", subjects=["py.>"]))
    for i in range(1, 21):
        ack = await js.publish(f"py.{i % 2}", b"%d" % i, headers={"Number": str(i)})
        assert (ack.stream, ack.seq) == ("PY", i), ack
    again = await js.publish("py.0", b"x", headers={"Nats-Msg-Id": "one"})
    duplicate = await js.publish("py.0", b"x", headers={"Nats-Msg-Id": "one"})
    assert duplicate.duplicate and duplicate.seq == again.seq, duplicate

    pull = await js.pull_subscribe("py.1", durable="odd")
    got = await pull.fetch(10, timeout=10)
    assert [m.data for m in got] == [b"%d" % i for i in range(1, 21, 2)], got
    for m in got:
        await m.ack_sync()
    info = await js.consumer_info("PY", "odd")
    assert (info.num_pending, info.num_ack_pending, info.ack_floor.stream_seq) == (0, 0, 19), info

    push = await js.subscribe("py.0", ordered_consumer=True)
    for i in range(2, 21, 2):
        m = await push.next_msg(timeout=10)
        assert m.data == b"%d" % i, m
    await push.unsubscribe()

    await js.purge_stream("PY", subject="py.1")
    info = await js.stream_info("PY")
    assert info.state.messages == 11, info.state
    assert (await js.get_msg("PY", 2)).data == b"2"
    assert (await js.get_last_msg("PY", "py.0")).seq == again.seq
    await js.add_consumer("PY", ConsumerConfig(name="gone", inactive_threshold=60))
    assert await js.delete_consumer("PY", "gone")
    assert await js.delete_stream("PY")
    try:
        await js.stream_info("PY")
        raise AssertionError("the deleted stream is there")
    except NotFoundError:
        pass


async def buckets(js):
    kv = await js.create_key_value(bucket="PYKV", history=5)
    assert await kv.put("a", b"1") == 1
    assert await kv.create("b", b"2") == 2
    try:
        await kv.create("b", b"3")
        raise AssertionError("the key was created twice")
    except KeyWrongLastSequenceError:
        pass
    assert await kv.update("b", b"4", last=2) == 3
    entry = await kv.get("b")
    assert (entry.value, entry.revision) == (b"4", 3), entry
    watcher = await kv.watchall()
    seen = []
    while (update := await watcher.updates(timeout=10)) is not None:
        seen.append((update.key, update.value))
    assert seen == [("a", b"1"), ("b", b"4")], seen
    await kv.delete("a")
    update = await watcher.updates(timeout=10)
    assert (update.key, update.operation) == ("a", "DEL"), update
    await watcher.stop()
    try:
        await kv.get("a")
        raise AssertionError("the deleted key is there")
    except KeyNotFoundError:
        pass
    assert await kv.keys() == ["b"]
    assert [e.revision for e in await kv.history("b")] == [2, 3]
    await kv.purge("b")
    assert await js.delete_key_value("PYKV")


async def objects(js):
    store = await js.create_object_store("PYOBJ")
    content = bytes(range(256)) * 2_000
    info = await store.put("blob", content)
    assert info.size == len(content), info
    assert (await store.get("blob")).data == content
    assert [o.name for o in await store.list()] == ["blob"]
    await store.delete("blob")
    assert await js.delete_object_store("PYOBJ")


async def main(url):
    nc = await nats.connect(url, allow_reconnect=False, connect_timeout=10)
    js = nc.jetstream(timeout=10)
    await streams(js)
    await buckets(js)
    await objects(js)
    await nc.drain()


asyncio.run(main(sys.argv[1]))
