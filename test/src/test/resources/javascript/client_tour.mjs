// What a JavaScript program does with a server: core, requests, queues, JetStream, buckets, objects. Prints a transcript in which
// nothing depends on the server, on time or on chance: two servers that are the same to a program give the same one.
//
// Usage: node client_tour.mjs URL

import { connect, headers, nuid } from "@nats-io/transport-node";
import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import { Objm } from "@nats-io/obj";

const url = process.argv[2];
const say = (...words) => console.log(words.map((w) => (typeof w === "string" ? w : JSON.stringify(w))).join(" "));
const refused = async (what, doing) => {
  try {
    await doing();
    say(what, "was not refused");
  } catch (e) {
    say(what, "refused:", e.constructor.name, e.code ?? "", e.message);
  }
};
const take = async (iterator, count) => {
  const all = [];
  for await (const one of iterator) {
    all.push(one);
    if (all.length === count) break;
  }
  return all;
};

async function core(nc) {
  const info = nc.info;
  say("info", Object.keys(info).filter((k) => ["headers", "jetstream", "proto", "max_payload"].includes(k)).sort());
  const sub = nc.subscribe("tour.>", { max: 3 });
  const h = headers();
  h.append("Kind", "first");
  h.append("Kind", "second");
  nc.publish("tour.a", "one", { headers: h });
  nc.publish("tour.b.c", "two", { reply: "answer.here" });
  nc.publish("tour.d", new Uint8Array(0));
  for await (const m of sub) say("core", m.subject, m.string(), m.reply ?? "", m.headers?.values("Kind") ?? []);

  const workers = [0, 0, 0];
  workers.forEach((_, i) =>
    nc.subscribe("work", {
      queue: "crew",
      callback: (_e, m) => {
        workers[i]++;
        m.respond("done " + m.string());
      },
    })
  );
  const answers = [];
  for (let i = 0; i < 60; i++) answers.push((await nc.request("work", String(i), { timeout: 5000 })).string());
  say("queue", answers.length, answers.at(-1), "sum", workers.reduce((a, b) => a + b), "all used", workers.every((w) => w > 0));
  await refused("request to nobody", () => nc.request("nobody", "", { timeout: 5000 }));
  const many = await nc.requestMany("work", "x", { strategy: "count", maxMessages: 1, maxWait: 5000 });
  for await (const m of many) say("request many", m.string());
  await refused("too large", async () => {
    nc.publish("tour.big", new Uint8Array(info.max_payload + 1));
    await nc.flush();
  });
  say("rtt", (await nc.rtt()) >= 0);
}

async function streams(nc) {
  const jsm = await jetstreamManager(nc);
  const js = jetstream(nc);
  await jsm.streams.add({ name: "JS", subjects: ["js.>"], allow_direct: true, max_msgs_per_subject: 100 });
  for (let i = 1; i <= 20; i++) {
    const ack = await js.publish(`js.${i % 2}`, `m${i}`, { msgID: `id${i}` });
    if (ack.seq !== i || ack.duplicate) say("bad ack", ack);
  }
  say("duplicate", (await js.publish("js.0", "again", { msgID: "id20" })).duplicate);
  await refused("wrong last sequence", () => js.publish("js.0", "x", { expect: { lastSequence: 3 } }));
  await refused("wrong stream", () => js.publish("js.0", "x", { expect: { streamName: "OTHER" } }));
  await refused("no stream", () => js.publish("nowhere", "x"));
  const info = await jsm.streams.info("JS", { subjects_filter: ">" });
  say("stream", info.state.messages, info.state.first_seq, info.state.last_seq, info.state.num_subjects, info.state.subjects);
  const c = info.config;
  say("config", c.retention, c.storage, c.discard, c.num_replicas, c.duplicate_window, c.allow_direct, c.max_msgs_per_subject);

  await jsm.consumers.add("JS", { durable_name: "pull", ack_policy: AckPolicy.Explicit, filter_subject: "js.1" });
  const pull = await js.consumers.get("JS", "pull");
  const batch = await take(await pull.fetch({ max_messages: 4, expires: 5000 }), 4);
  say("fetch", batch.map((m) => [m.seq, m.string(), m.info.deliverySequence, m.info.pending]));
  batch[0].ack();
  batch[1].nak();
  batch[2].term();
  say("acknowledged", await batch[3].ackAck());
  const next = await pull.next({ expires: 5000 });
  say("next", next.seq, next.redelivered);
  next.ack();
  const rest = await take(await pull.consume({ max_messages: 10 }), 6);
  await Promise.all(rest.map((m) => m.ackAck()));
  say("consume", rest.map((m) => m.seq));
  await nc.flush();
  const after = await pull.info();
  say("consumer", after.delivered.consumer_seq, after.delivered.stream_seq, after.ack_floor.consumer_seq, after.ack_floor.stream_seq, after.num_ack_pending, after.num_redelivered, after.num_pending);
  say("nothing left", await pull.next({ expires: 1000 }));

  const ordered = await js.consumers.get("JS", { filter_subjects: ["js.0"] });
  say("ordered", (await take(await ordered.consume(), 10)).map((m) => m.seq));
  const push = await jsm.consumers.add("JS", { deliver_subject: nuid.next(), ack_policy: AckPolicy.None, deliver_policy: DeliverPolicy.Last });
  const pushed = await js.consumers.getPushConsumer("JS", push.name);
  say("push", (await take(await pushed.consume(), 1)).map((m) => [m.seq, m.string()]));

  const direct = await jsm.direct.getMessage("JS", { last_by_subj: "js.1" });
  say("direct", direct.seq, direct.string(), direct.subject);
  say("direct next", (await jsm.direct.getMessage("JS", { seq: 5, next_by_subj: "js.0" })).seq);
  const several = await jsm.direct.getBatch("JS", { seq: 3, batch: 3 });
  say("direct batch", (await take(several, 3)).map((m) => m.seq));
  const lasts = await jsm.direct.getLastMessagesFor("JS", { multi_last: ["js.0", "js.1"] });
  say("direct lasts", (await take(lasts, 2)).map((m) => m.seq));
  say("message", (await jsm.streams.getMessage("JS", { seq: 7 })).string());
  await refused("missing message", () => jsm.direct.getMessage("JS", { seq: 7000 }).then((m) => { if (m === null) throw new Error("null"); }));
  say("delete message", await jsm.streams.deleteMessage("JS", 7));
  say("purge", await jsm.streams.purge("JS", { filter: "js.1" }));
  say("names", await jsm.streams.names("js.>").next(), await jsm.streams.find("js.5"));
  const consumers = (await jsm.consumers.list("JS").next()).map((one) => one.name).filter((name) => name === "pull");
  say("consumers", consumers);
  await refused("missing consumer", () => jsm.consumers.info("JS", "nobody"));
  await refused("overlapping stream", () => jsm.streams.add({ name: "JS2", subjects: ["js.5"] }));
  say("pause", (await jsm.consumers.pause("JS", "pull", new Date(Date.now() + 3_600_000))).paused);
  say("resume", (await jsm.consumers.resume("JS", "pull")).paused);
  say("delete", await jsm.consumers.delete("JS", "pull"), await jsm.streams.delete("JS"));
  await refused("deleted stream", () => jsm.streams.info("JS"));
}

async function buckets(nc) {
  const kvm = new Kvm(nc);
  const kv = await kvm.create("tour", { history: 5 });
  say("put", await kv.put("a.b", "1"), await kv.create("c", "2"), await kv.update("c", "3", 2));
  await refused("create again", () => kv.create("c", "4"));
  await refused("update of an old revision", () => kv.update("c", "4", 2));
  const got = await kv.get("c");
  say("get", got.key, got.string(), got.revision, got.operation, got.delta);
  say("get revision", (await kv.get("c", { revision: 2 })).string());
  say("get nothing", await kv.get("nothing"));
  const watch = await kv.watch();
  say("watch", (await take(watch, 2)).map((e) => [e.key, e.string(), e.revision, e.operation]));
  const changes = await kv.watch({ include: "updates" });
  await kv.delete("a.b");
  await kv.put("d", "5");
  await kv.purge("c");
  say("changes", (await take(changes, 3)).map((e) => [e.key, e.string(), e.revision, e.operation]));
  say("keys", await take(await kv.keys(), 1));
  await kv.put("d", "6");
  say("history", (await take(await kv.history({ key: "d" }), 2)).map((e) => [e.revision, e.operation, e.string()]));
  const status = await kv.status();
  say("status", status.bucket, status.values, status.history, status.replicas, status.backingStore);
  const names = [];
  for await (const s of kvm.list()) names.push(s.bucket);
  say("buckets", names);
  say("destroy", await kv.destroy());
}

async function objects(nc) {
  const objm = new Objm(nc);
  const store = await objm.create("tour", { description: "things" });
  const content = new Uint8Array(300_000).map((_, i) => i * 31);
  const put = await store.putBlob({ name: "blob", description: "some bytes" }, content);
  say("object", put.name, put.size, put.chunks, put.digest);
  const back = await store.getBlob("blob");
  say("the same", back.length === content.length && back.every((b, i) => b === content[i]));
  await store.putBlob({ name: "empty" }, new Uint8Array(0));
  say("list", (await store.list()).map((o) => [o.name, o.size]).sort());
  await store.link("alias", await store.info("blob"));
  say("link", (await store.getBlob("alias")).length);
  await store.update("blob", { name: "renamed", description: "other" });
  say("renamed", (await store.info("renamed")).description, await store.info("blob"));
  say("delete", await store.delete("empty"));
  await store.seal();
  say("sealed", (await store.status()).sealed);
  say("destroy", await store.destroy());
}

const nc = await connect({ servers: url, reconnect: false });
await core(nc);
await streams(nc);
await buckets(nc);
await objects(nc);
await nc.drain();
say("end", nc.isClosed());
