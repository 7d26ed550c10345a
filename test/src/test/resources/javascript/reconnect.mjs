// A JavaScript program that lives on while its server is killed and started again: it keeps its subscription and its bucket.
//
// Usage: node reconnect.mjs URL

import { connect } from "@nats-io/transport-node";
import { Kvm } from "@nats-io/kv";

const nc = await connect({ servers: process.argv[2], maxReconnectAttempts: -1, reconnectTimeWait: 100 });
const kv = await new Kvm(nc).create("survives");
const revision = await kv.put("key", "before");
const sub = nc.subscribe("after.restart", { max: 1 });
await nc.flush();
const back = (async () => {
  for await (const status of nc.status()) if (status.type === "reconnect") return;
})();
console.log("kill the server and start it again");
await back;
await nc.flush();
nc.publish("after.restart", "still subscribed");
for await (const m of sub) console.log(m.string());
const entry = await kv.get("key");
if (entry.string() !== "before" || entry.revision !== revision) throw new Error(`not what was stored: ${entry.string()}`);
console.log("updated to revision", (await kv.update("key", "after", revision)) - revision);
await nc.close();
