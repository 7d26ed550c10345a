package io.leafd.link.budget;

import io.leafd.store.Store;
import io.leafd.store.loop.Completion;
import io.leafd.store.loop.StoreException;
import io.leafd.store.loop.Work;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where the lease of a budget is kept. Any thread; the answers come on a thread of the ledger's. */
public interface Ledger {
    /** A ledger that keeps nothing, for a leafd without a store. */
    Ledger NONE = new Ledger() {
        @Override
        public void read(String link, Consumer<byte @Nullable []> kept, Consumer<RuntimeException> failed) {
            kept.accept(null);
        }

        @Override
        public void save(String link, byte[] lease, Runnable durable) {
            durable.run();
        }
    };

    /** Reads what was kept last for a link, null for nothing. One of the two is called, unless the process ends before. */
    void read(String link, Consumer<byte @Nullable []> kept, Consumer<RuntimeException> failed);

    /** Keeps a lease in place of the one before; {@code durable} runs when it is on disk, never if that fails. */
    void save(String link, byte[] lease, Runnable durable);

    /** A ledger in the cursors of a store, as {@code budget/<upstream>}. */
    static Ledger in(Store store) {
        return new Ledger() {
            @Override
            public void read(String link, Consumer<byte @Nullable []> kept, Consumer<RuntimeException> failed) {
                store.loop().control(new Work() {
                    @Override
                    public void run() {
                        kept.accept(store.cursors().get(name(link)));
                    }

                    @Override
                    public void failed(StoreException cause) {
                        failed.accept(cause);
                    }
                });
            }

            @Override
            public void save(String link, byte[] lease, Runnable durable) {
                store.loop().control(() -> {
                    store.cursors().put(name(link), lease);
                    store.loop().afterCommit(new Completion() {
                        @Override
                        public void committed() {
                            durable.run();
                        }

                        @Override
                        public void failed(StoreException cause) {} // it is asked for again after a while
                    });
                });
            }
        };
    }

    private static String name(String link) {
        return "budget/" + link;
    }
}
