"""What a Python program does with a server: core, requests, queues, JetStream, buckets, objects. Prints a transcript in which nothing
depends on the server, on time or on chance: two servers that are the same to a program give the same one.

Usage: client_tour.py URL
"""

import asyncio
import sys

import nats
from nats.js import errors
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, KeyValueConfig, RetentionPolicy, StreamConfig


def say(*words):
    print(*words, flush=True)


async def refused(what, doing):
    try:
        say(what, "was not refused:", await doing)
    except nats.errors.Error as e:
        code = getattr(e, "err_code", None)
        say(what, "refused:", type(e).__name__, code, e)


async def core(nc):
    say("headers", nc.connected_server_version.major >= 2, "max_payload", nc.max_payload)
    sub = await nc.subscribe("tour.>")
    await nc.publish("tour.a", b"one", headers={"Kind": "first"})
    await nc.publish("tour.b.c", b"two", reply="answer.here")
    await nc.publish("tour.d", b"")
    for _ in range(3):
        m = await sub.next_msg(timeout=10)
        say("core", m.subject, m.data, m.reply, m.headers)
    await sub.unsubscribe()

    used = [0, 0, 0]

    def worker(i):
        async def answer(m):
            used[i] += 1
            await m.respond(b"done " + m.data)

        return answer

    for i in range(3):
        await nc.subscribe("work", queue="crew", cb=worker(i))
    answers = [(await nc.request("work", b"%d" % i, timeout=10)).data for i in range(60)]
    say("queue", len(answers), answers[-1], "sum", sum(used), "all used", all(used))
    await refused("request to nobody", nc.request("nobody", b"", timeout=10))
    await refused("too large", nc.publish("tour.big", b"x" * (nc.max_payload + 1)))


async def streams(js):
    await js.add_stream(StreamConfig(name="PYT", subjects=["pyt.>"], allow_direct=True, max_msgs_per_subject=100))
    for i in range(1, 21):
        ack = await js.publish(f"pyt.{i % 2}", b"m%d" % i, headers={"Nats-Msg-Id": f"id{i}"})
        assert ack.seq == i and not ack.duplicate, ack
    say("duplicate", (await js.publish("pyt.0", b"again", headers={"Nats-Msg-Id": "id20"})).duplicate)
    await refused("wrong last sequence", js.publish("pyt.0", b"x", headers={"Nats-Expected-Last-Sequence": "3"}))
    await refused("wrong stream", js.publish("pyt.0", b"x", stream="OTHER"))
    await refused("no stream", js.publish("nowhere", b"x"))
    info = await js.stream_info("PYT", subjects_filter=">")
    say("stream", info.state.messages, info.state.first_seq, info.state.last_seq, sorted(info.state.subjects.items()))
    say("config", info.config.retention, info.config.storage, info.config.discard, info.config.duplicate_window)

    pull = await js.pull_subscribe("pyt.1", durable="pull", stream="PYT")
    batch = await pull.fetch(4, timeout=10)
    say("fetch", [(m.metadata.sequence.stream, m.metadata.sequence.consumer, m.metadata.num_pending, m.data) for m in batch])
    await batch[0].ack_sync()
    await batch[1].nak()
    await batch[2].term()
    await batch[3].ack_sync()
    again = (await pull.fetch(1, timeout=10))[0]
    say("again", again.metadata.sequence.stream, again.metadata.num_delivered)
    await again.ack_sync()
    rest = await pull.fetch(20, timeout=3)
    say("rest", [m.metadata.sequence.stream for m in rest])
    for m in rest:
        await m.ack_sync()
    c = await js.consumer_info("PYT", "pull")
    say("consumer", c.delivered.stream_seq, c.ack_floor.stream_seq, c.num_ack_pending, c.num_redelivered, c.num_pending)

    ordered = await js.subscribe("pyt.0", ordered_consumer=True)
    say("ordered", [(await ordered.next_msg(timeout=10)).metadata.sequence.stream for _ in range(10)])
    await ordered.unsubscribe()
    last = await js.subscribe("pyt.>", stream="PYT", config=ConsumerConfig(deliver_policy=DeliverPolicy.LAST_PER_SUBJECT))
    got = [await last.next_msg(timeout=10) for _ in range(2)]
    say("push", [(m.subject, m.data) for m in got])
    for m in got:
        await m.ack_sync()
    await last.unsubscribe()
    crew = [await js.subscribe("pyt.1", queue="crew", durable="crew", manual_ack=True) for _ in range(2)]
    seen = []
    while len(seen) < 10:
        for member in crew:
            while member.pending_msgs:
                m = await member.next_msg(timeout=10)
                seen.append(m.metadata.sequence.stream)
                await m.ack_sync()
        await asyncio.sleep(0.01)
    say("push queue", sorted(seen))

    say("direct", (await js.get_msg("PYT", 7, direct=True)).data, (await js.get_last_msg("PYT", "pyt.1", direct=True)).seq)
    say("message", (await js.get_msg("PYT", 8)).data)
    await refused("missing message", js.get_msg("PYT", 7000))
    say("delete message", await js.delete_msg("PYT", 7))
    say("purge", await js.purge_stream("PYT", subject="pyt.1"))
    say("names", [s.config.name for s in await js.streams_info()], await js.find_stream_name_by_subject("pyt.5"))
    await refused("missing consumer", js.consumer_info("PYT", "nobody"))
    await refused("overlapping stream", js.add_stream(StreamConfig(name="PYT2", subjects=["pyt.5"])))
    work = StreamConfig(name="PYW", subjects=["pyw"], retention=RetentionPolicy.WORK_QUEUE)
    await js.add_stream(work)
    await js.publish("pyw", b"job")
    job = await js.pull_subscribe("pyw", durable="worker")
    await (await job.fetch(1, timeout=10))[0].ack_sync()
    say("work queue", (await js.stream_info("PYW")).state.messages)
    await refused("second worker", js.add_consumer("PYW", ConsumerConfig(durable_name="other", ack_policy=AckPolicy.EXPLICIT)))
    say("delete", await js.delete_stream("PYW"), await js.delete_stream("PYT"))
    await refused("deleted stream", js.stream_info("PYT"))


async def buckets(js):
    kv = await js.create_key_value(KeyValueConfig(bucket="pytour", history=5))
    say("put", await kv.put("a.b", b"1"), await kv.create("c", b"2"), await kv.update("c", b"3", last=2))
    await refused("create again", kv.create("c", b"4"))
    await refused("update of an old revision", kv.update("c", b"4", last=2))
    got = await kv.get("c")
    say("get", got.key, got.value, got.revision, (await kv.get("c", revision=2)).value)
    await refused("get nothing", kv.get("nothing"))
    watch = await kv.watchall()
    for _ in range(3):
        e = await watch.updates(timeout=10)
        say("watch", e and (e.key, e.value, e.revision, e.operation))
    await kv.delete("a.b")
    await kv.put("d", b"5")
    await kv.purge("c")
    for _ in range(3):
        e = await watch.updates(timeout=10)
        say("change", e.key, e.value, e.revision, e.operation)
    await watch.stop()
    say("keys", await kv.keys())
    await kv.put("d", b"6")
    say("history", [(e.revision, e.operation, e.value) for e in await kv.history("d")])
    status = await kv.status()
    say("status", status.bucket, status.values, status.history)
    say("destroy", await js.delete_key_value("pytour"))


async def objects(js):
    store = await js.create_object_store("pytour")
    content = bytes(i * 31 % 256 for i in range(300_000))
    put = await store.put("blob", content)
    say("object", put.name, put.size, put.chunks, put.digest)
    say("the same", (await store.get("blob")).data == content)
    say("list", [(o.name, o.size) for o in await store.list()])
    await store.delete("blob")
    await refused("deleted object", store.get("blob"))
    await store.seal()
    say("sealed", (await store.status()).sealed)
    say("destroy", await js.delete_object_store("pytour"))


async def main(url):
    nc = await nats.connect(url, allow_reconnect=False, connect_timeout=10)
    js = nc.jetstream(timeout=10)
    await core(nc)
    await streams(js)
    await buckets(js)
    await objects(js)
    await nc.drain()
    say("end", nc.is_closed)


asyncio.run(main(sys.argv[1]))
