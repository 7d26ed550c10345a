package io.leafd.app.operate;

import io.leafd.app.admin.AdminException;
import io.leafd.jetstream.AccountJetStream;
import io.leafd.jetstream.JetStream;
import io.leafd.jetstream.JetStreamStats;
import io.leafd.jetstream.stream.Stream;
import io.leafd.jetstream.stream.StreamField;
import io.leafd.store.Store;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.Purge;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Answers {@code leafd streams}. Immutable; any thread. */
record StreamsAnswer(Running running) {
    List<Map<String, @Nullable Object>> list() {
        List<Map<String, @Nullable Object>> streams = new ArrayList<>();
        long nowNs = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
        for (JetStreamStats.OfAccount account : running.streams().accounts()) {
            account.streams().forEach(stream -> streams.add(tree(account.name(), stream, nowNs)));
        }
        return streams;
    }

    private static Map<String, @Nullable Object> tree(String account, JetStreamStats.OfStream stream, long nowNs) {
        boolean empty = stream.state().messages() == 0;
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("account", account);
        tree.put("name", stream.name());
        tree.put("kind", stream.config().mirror() == null ? "stream" : "mirror");
        tree.put("subjects", stream.config().subjects());
        tree.put("messages", stream.state().messages());
        tree.put("bytes", stream.state().bytes());
        tree.put("first_seq", stream.state().firstSeq());
        tree.put("last_seq", stream.state().lastSeq());
        tree.put(
                "oldest_age_ms",
                empty ? 0 : Math.max(0, TimeUnit.NANOSECONDS.toMillis(nowNs - stream.firstTimestampNs())));
        tree.put("consumers", (long) stream.consumers());
        return tree;
    }

    /** Removes all messages of a stream. */
    Map<String, @Nullable Object> purge(@Nullable Object account, @Nullable Object name) {
        List<String> owners = list().stream()
                .filter(stream -> String.valueOf(stream.get("name")).equals(name))
                .map(stream -> String.valueOf(stream.get("account")))
                .filter(owner -> account == null || account.equals(owner))
                .toList();
        if (owners.isEmpty()) {
            throw failed("there is no stream \"" + name + "\""
                    + (account == null ? "" : " of account \"" + account + "\"") + "; see: leafd streams ls");
        }
        if (owners.size() > 1) {
            throw failed("several accounts have a stream \"" + name + "\" (" + String.join(", ", owners)
                    + "); say which with --account");
        }
        return Map.of("purged", purge(owners.getFirst(), String.valueOf(name)));
    }

    private long purge(String account, String name) {
        JetStream jetStream = running.jetStream();
        Store store = running.store();
        if (jetStream == null || store == null) {
            throw failed("no account has JetStream");
        }
        CompletableFuture<Long> purged = new CompletableFuture<>();
        store.loop().control(() -> {
            AccountJetStream served = jetStream.account(account);
            Stream stream = served == null ? null : served.streams().find(name);
            if (stream == null) {
                purged.completeExceptionally(failed("stream \"" + name + "\" was deleted meanwhile"));
            } else if (stream.config().is(StreamField.DENY_PURGE)
                    || stream.config().is(StreamField.SEALED)) {
                purged.completeExceptionally(failed("stream \"" + name + "\" refuses to be purged (deny_purge)"));
            } else {
                stream.purge(new Purge(LogFilter.ALL, Long.MAX_VALUE, 0), purged::complete);
            }
        });
        return Running.await(purged);
    }

    private static AdminException failed(String message) {
        return new AdminException(AdminException.Code.FAILED, message);
    }
}
