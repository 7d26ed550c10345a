/**
 * Consumers: stateful readers of a stream. Everything runs on the store loop unless it says Any thread.
 *
 * <pre>
 *   stream ── stored, removed, purged ──▶ Consumers ──▶ Consumer ─┬─ Feed        what comes next, how much is left
 *   API ───── create, info, delete … ───▶ ConsumerApi ──▶        ├─ AckState    what is delivered and not acknowledged
 *   $JS.ACK, $JS.FC ─── AckInbox ───────▶                        ├─ PullMode, PushMode   who gets it, and when
 *   MSG.NEXT ─── Endpoints ─────────────▶                        ├─ Journal     what survives a restart
 *                                                                └─ Deliveries  out, after the commit
 * </pre>
 */
@NullMarked
package io.leafd.jetstream.consumer;

import org.jspecify.annotations.NullMarked;
