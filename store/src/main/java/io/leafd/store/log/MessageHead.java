package io.leafd.store.log;

import io.leafd.protocol.Subject;

/** A message without its body: what removing it needs to know. Immutable. */
record MessageHead(long seq, long timestampNs, Subject subject, int sizeBytes) {}
