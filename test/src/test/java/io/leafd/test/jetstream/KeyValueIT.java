package io.leafd.test.jetstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.test.conformance.Brokers;
import io.leafd.test.conformance.Conformance;
import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.NatsClients;
import io.leafd.test.peer.PythonClient;
import io.leafd.test.setup.ServerSetup;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.KeyValue;
import io.nats.client.ObjectStore;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.KeyValueEntry;
import io.nats.client.api.KeyValueOperation;
import io.nats.client.api.KeyValueWatcher;
import io.nats.client.api.ObjectInfo;
import io.nats.client.api.ObjectStoreConfiguration;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Key-value buckets and object stores, which official clients build from streams: Java here, Python in a program of its own. */
@Conformance
class KeyValueIT {

    private static final ServerSetup SETUP = ServerSetup.open("key-value").jetstream("shop");

    private final Brokers brokers;

    KeyValueIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @Test
    void javaPutsGetsUpdatesAndDeletes() throws Exception {
        try (Connection client = NatsClients.connect(brokers.with(SETUP))) {
            KeyValue bucket = bucket(client, "BASIC", 1);
            assertThat(bucket.get("a")).isNull();
            assertThat(bucket.put("a", "1")).isEqualTo(1);
            assertThat(bucket.create("b", "2".getBytes(UTF_8))).isEqualTo(2);
            assertThatThrownBy(() -> bucket.create("b", "3".getBytes(UTF_8)))
                    .isInstanceOfSatisfying(
                            JetStreamApiException.class,
                            e -> assertThat(e.getApiErrorCode()).isEqualTo(10071));
            assertThat(bucket.update("b", "3", 2)).isEqualTo(3);
            assertThatThrownBy(() -> bucket.update("b", "4", 2)).isInstanceOf(JetStreamApiException.class);
            assertThat(bucket.get("b").getValueAsString()).isEqualTo("3");
            assertThat(bucket.get("b").getRevision()).isEqualTo(3);
            bucket.delete("a");
            assertThat(bucket.get("a")).isNull();
            assertThat(bucket.create("a", "again".getBytes(UTF_8))).isEqualTo(5);
            assertThat(bucket.keys()).containsExactlyInAnyOrder("a", "b");
            bucket.purge("b");
            assertThat(bucket.keys()).containsExactly("a");
            assertThat(bucket.getStatus().getEntryCount()).isEqualTo(2);
        }
    }

    @Test
    void javaReadsHistory() throws Exception {
        try (Connection client = NatsClients.connect(brokers.with(SETUP))) {
            KeyValue bucket = bucket(client, "HISTORY", 3);
            for (int i = 1; i <= 5; i++) {
                bucket.put("k", Integer.toString(i));
            }
            bucket.put("other", "x");
            bucket.delete("k");
            List<KeyValueEntry> history = bucket.history("k");
            assertThat(history).extracting(KeyValueEntry::getRevision).containsExactly(4L, 5L, 7L);
            assertThat(history.getLast().getOperation()).isEqualTo(KeyValueOperation.DELETE);
            assertThat(bucket.get("k", 5).getValueAsString()).isEqualTo("5");
        }
    }

    @Test
    void javaWatches() throws Exception {
        try (Connection client = NatsClients.connect(brokers.with(SETUP))) {
            KeyValue bucket = bucket(client, "WATCH", 1);
            bucket.put("before.a", "1");
            bucket.put("before.b", "2");
            ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
            CountDownLatch caughtUp = new CountDownLatch(1);
            var watch = bucket.watchAll(new KeyValueWatcher() {
                @Override
                public void watch(KeyValueEntry entry) {
                    seen.add(entry.getKey() + "=" + entry.getOperation() + entry.getValueAsString());
                }

                @Override
                public void endOfData() {
                    caughtUp.countDown();
                }
            });
            assertThat(caughtUp.await(15, TimeUnit.SECONDS)).isTrue();
            assertThat(seen).containsExactly("before.a=PUT1", "before.b=PUT2");
            bucket.put("after", "3");
            bucket.delete("before.a");
            Deadline.await("the changes to arrive", Deadline.ANSWER, () -> seen.size() == 4);
            assertThat(seen).contains("after=PUT3").anyMatch(entry -> entry.startsWith("before.a=DELETE"));
            watch.close();
        }
    }

    @Test
    void javaStoresObjects() throws Exception {
        byte[] content = new byte[3_000_000];
        new Random(7).nextBytes(content);
        try (Connection client = NatsClients.connect(brokers.with(SETUP))) {
            client.objectStoreManagement()
                    .create(ObjectStoreConfiguration.builder().name("FILES").build());
            ObjectStore store = client.objectStore("FILES");
            ObjectInfo info = store.put("firmware.bin", new ByteArrayInputStream(content));
            assertThat(info.getSize()).isEqualTo(content.length);
            store.put("note", new ByteArrayInputStream("hello".getBytes(UTF_8)));
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            store.get("firmware.bin", read);
            assertThat(read.toByteArray()).isEqualTo(content);
            assertThat(store.getList())
                    .extracting(ObjectInfo::getObjectName)
                    .containsExactlyInAnyOrder("firmware.bin", "note");
            store.delete("firmware.bin");
            assertThat(store.getList()).extracting(ObjectInfo::getObjectName).containsExactly("note");
            assertThat(store.getStatus().getSize()).isLessThan(10_000);
            store.seal();
            assertThat(store.getStatus().isSealed()).isTrue();
        }
    }

    @Test
    void pythonTour() {
        PythonClient.run("jetstream_tour.py", brokers.with(SETUP).url());
    }

    private static KeyValue bucket(Connection client, String name, int history) throws Exception {
        client.keyValueManagement()
                .create(KeyValueConfiguration.builder()
                        .name(name)
                        .maxHistoryPerKey(history)
                        .build());
        return client.keyValue(name);
    }
}
