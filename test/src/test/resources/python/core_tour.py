"""What a Python program does with a server: publish, subscribe, queue groups, headers, requests, drain.

Usage: core_tour.py URL
"""

import asyncio
import sys

import nats
from nats.errors import NoRespondersError


async def main(url):
    nc = await nats.connect(url, allow_reconnect=False, connect_timeout=10)

    got = await nc.subscribe("tour.*", max_msgs=0)
    await nc.publish("tour.a", b"one", headers={"Kind": "first"})
    await nc.publish("tour.b", b"two", reply="answer.here")
    first = await got.next_msg(timeout=10)
    second = await got.next_msg(timeout=10)
    assert (first.subject, first.data, first.headers) == ("tour.a", b"one", {"Kind": "first"}), first
    assert (second.subject, second.data, second.reply) == ("tour.b", b"two", "answer.here"), second

    async def answer(msg):
        await msg.respond(b"pong " + msg.data)

    for _ in range(3):
        await nc.subscribe("service", queue="workers", cb=answer)
    for i in range(50):
        reply = await nc.request("service", str(i).encode(), timeout=10)
        assert reply.data == b"pong %d" % i, reply

    try:
        await nc.request("nobody.there", b"", timeout=10)
        raise AssertionError("a request that nobody hears was answered")
    except NoRespondersError:
        pass

    limited = []

    async def collect(msg):
        limited.append(msg.data)

    subscription = await nc.subscribe("limited", cb=collect)
    await subscription.unsubscribe(limit=2)
    for i in range(5):
        await nc.publish("limited", b"%d" % i)
    await nc.flush()

    big = b"b" * (nc.max_payload - 64)
    blob = await nc.subscribe("blob")
    await nc.publish("blob", big)
    assert (await blob.next_msg(timeout=10)).data == big

    await nc.drain()
    assert nc.is_closed
    assert limited == [b"0", b"1"], limited


asyncio.run(main(sys.argv[1]))
