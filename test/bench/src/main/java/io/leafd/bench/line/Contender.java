package io.leafd.bench.line;

import java.util.List;

/** Who runs: leafd, and the ways in which nats-server is run beside it. */
public enum Contender {
    LEAFD("leafd", "leafd as shipped: JetStream and a domain, fsync before every acknowledgement"),
    BEFORE("before", "another leafd to compare with, named by --before"),
    REFUSED("refused", "the same leafd while its upstream refuses every connection"),
    BLACK_HOLE("black hole", "the same leafd while what it sends to its upstream vanishes"),
    BARE("bare", "nats-server without JetStream"),
    DOMAIN("domain", "nats-server with JetStream and a domain, as every leaf node has it"),
    ALWAYS("always", "nats-server with JetStream and a domain, sync_interval: always"),
    DEFAULT("default", "nats-server with JetStream and a domain, which syncs every two minutes");

    /** Who is measured where no stream is needed: leafd beside nats-server with and without JetStream. */
    static final List<Contender> CORE = List.of(LEAFD, BARE, DOMAIN);

    private final String label;
    private final String meaning;

    Contender(String label, String meaning) {
        this.label = label;
        this.meaning = meaning;
    }

    /** Its name in tables and JSON. */
    public String label() {
        return label;
    }

    /** Its name, explained. */
    public String meaning() {
        return meaning;
    }

    /** Whether it is a leafd. */
    public boolean leafd() {
        return this == LEAFD || this == BEFORE || this == REFUSED || this == BLACK_HOLE;
    }
}
