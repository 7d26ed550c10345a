"""A Python program that lives on while its server is killed and started again: it keeps its subscription and its bucket.

Usage: reconnect.py URL
"""

import asyncio
import sys

import nats


async def main(url):
    back = asyncio.Event()

    async def reconnected():
        back.set()

    async def trouble(_error):
        pass  # the server is away: that is the point

    nc = await nats.connect(
        url, max_reconnect_attempts=-1, reconnect_time_wait=0.1, reconnected_cb=reconnected, error_cb=trouble
    )
    js = nc.jetstream(timeout=10)
    kv = await js.create_key_value(bucket="survives")
    revision = await kv.put("key", b"before")
    sub = await nc.subscribe("after.restart")
    await nc.flush()
    print("kill the server and start it again", flush=True)
    await back.wait()
    await nc.flush()
    await nc.publish("after.restart", b"still subscribed")
    print((await sub.next_msg(timeout=10)).data.decode())
    entry = await kv.get("key")
    assert (entry.value, entry.revision) == (b"before", revision), entry
    print("updated to revision", await kv.update("key", b"after", last=revision) - revision)
    await nc.close()


asyncio.run(main(sys.argv[1]))
