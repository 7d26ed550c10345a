package io.leafd.app.operate;

import io.leafd.app.admin.AdminException;
import io.leafd.store.Store;
import io.leafd.store.loop.StoreException;
import io.leafd.store.loop.Work;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Answers {@code leafd store backup}: lays out the store for copying, and cleans up after it. Immutable; any thread. */
record StoreAnswer(Running running) {
    /** Where the snapshot is. */
    Map<String, Object> snapshot() {
        return Map.of("directory", onLoop(store -> store.snapshot().toString()));
    }

    /** Removes the snapshot. */
    Map<String, Object> drop() {
        return Map.of("dropped", onLoop(store -> {
            store.dropSnapshot();
            return true;
        }));
    }

    private <T> T onLoop(Function<Store, T> action) {
        Store store = running.store();
        if (store == null) {
            throw new AdminException(AdminException.Code.FAILED, "this leafd stores nothing: no account has JetStream");
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        store.loop().control(new Work() {
            @Override
            public void run() {
                answer.complete(action.apply(store));
            }

            @Override
            public void failed(StoreException cause) {
                answer.completeExceptionally(cause);
            }
        });
        return Running.await(answer);
    }
}
