package io.leafd.link.budget;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A ledger in memory, which survives the budget; its disk may be made slow, or damaged. */
final class FakeLedger implements Ledger {
    byte @Nullable [] kept;
    boolean slow;
    boolean failing;
    int saves;
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    @Override
    public void read(String link, Consumer<byte @Nullable []> then, Consumer<RuntimeException> failed) {
        if (failing) {
            failed.accept(new IllegalStateException("no disk"));
        } else {
            then.accept(kept);
        }
    }

    @Override
    public void save(String link, byte[] lease, Runnable durable) {
        if (failing) {
            return;
        }
        saves++;
        Runnable write = () -> {
            kept = lease;
            durable.run();
        };
        if (slow) {
            waiting.add(write);
        } else {
            write.run();
        }
    }

    /** The disk has caught up. */
    void write() {
        for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
            next.run();
        }
    }
}
