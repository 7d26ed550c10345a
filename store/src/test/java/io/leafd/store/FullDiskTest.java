package io.leafd.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leafd.protocol.Subject;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.Purge;
import io.leafd.store.log.RemovalVisitor;
import io.leafd.store.log.StreamLog;
import io.leafd.store.loop.Completion;
import io.leafd.store.loop.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file system of 64 MiB that somebody else fills to the last byte. Needs to mount one, which only root may; where that is not
 * permitted the test says so and is left out.
 */
@Timeout(120)
class FullDiskTest {
    private static final int PAYLOAD_BYTES = 16 << 10;

    @TempDir
    Path directory;

    private Path mount = Path.of("");
    private @Nullable Stores mounted;
    private final Random random = new Random(3);

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        boolean permitted = "root".equals(System.getProperty("user.name"))
                && run("unshare", "--mount", "true") == 0; // root without its rights, as in most containers, may not
        if (!permitted) {
            System.err.println("LEFT OUT: FullDiskTest may not mount a file system here; run it as root");
        }
        Assumptions.assumeTrue(permitted, "mounting is not permitted");
        Path image = directory.resolve("image");
        mount = Files.createDirectories(directory.resolve("mount"));
        assertThat(run("truncate", "-s", "64M", image.toString())).isZero();
        assertThat(run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString())).isZero();
        assertThat(run("mount", "-o", "loop", image.toString(), mount.toString()))
                .isZero();
        mounted = open();
    }

    private Stores stores() {
        return Objects.requireNonNull(mounted);
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        if (mounted != null) {
            mounted.close();
            assertThat(run("umount", mount.toString())).isZero();
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private Stores open() {
        return new Stores(new StoreConfig(mount.resolve("data"), null, 1L << 30, 0, 8 * Stores.MIB));
    }

    private void tick() {
        stores().nanoTime.addAndGet(Duration.ofMillis(250).toNanos());
        stores().run();
    }

    private byte[] body() {
        byte[] body = new byte[PAYLOAD_BYTES];
        random.nextBytes(body);
        return body;
    }

    /** Somebody else's file, as long as there is room. */
    private void eat() throws IOException {
        try (OutputStream out = Files.newOutputStream(mount.resolve("foreign"))) {
            byte[] some = new byte[64 << 10];
            while (true) {
                out.write(some);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
        byte[] one = new byte[512];
        try (OutputStream out = Files.newOutputStream(mount.resolve("crumbs"))) {
            while (true) {
                out.write(one);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    private void makeRoom() throws IOException {
        Files.delete(mount.resolve("foreign"));
        Files.delete(mount.resolve("crumbs"));
    }

    private int fillWith(StreamLog log, int most) {
        int taken = 0;
        while (taken < most && stores().store.budget().mayAppend(PAYLOAD_BYTES)) {
            log.append(Subject.of("s." + taken % 10), body(), 0, taken, null);
            stores().run();
            taken++;
        }
        return taken;
    }

    @Test
    void fullDiskRefusesAtOnceDeletesGoOnAndTakingInResumes() throws IOException {
        StreamLog log = stores().stream("S");
        int taken = fillWith(log, 400);
        assertThat(taken).isEqualTo(400);
        for (int i = 0; i < 20; i++) {
            tick(); // the reserve file grows
        }
        assertThat(mount.resolve("data/reserve")).exists();
        eat();
        assertThat(stores().store.budget().mayAppend(1))
                .as("noticed with the next message")
                .isFalse();

        stores().store.consumers().create(log, "C", new byte[10], 0);
        stores().run();
        for (int i = 0; i < 20; i++) {
            tick();
        }
        assertThat(stores().store.available()).isTrue();
        ConsumerStore consumer = stores().store.consumers().list(log).isEmpty()
                ? stores().store.consumers().create(log, "C", new byte[10], 0)
                : stores().store.consumers().list(log).getFirst();
        for (int i = 0; i < 1000; i++) {
            consumer.putPending(i, new byte[20]);
        }
        log.purge(Purge.below(log.firstSeq() + 100), Long.MAX_VALUE, RemovalVisitor.NONE);
        stores().run();
        assertThat(stores().store.available())
                .as("acknowledgements and deletes go on")
                .isTrue();
        assertThat(log.countFrom(0, LogFilter.ALL)).isEqualTo(300);

        makeRoom();
        for (int i = 0; i < 20; i++) {
            tick(); // five seconds
        }
        assertThat(stores().store.budget().mayAppend(PAYLOAD_BYTES)).isTrue();
        assertThat(fillWith(log, 10)).isEqualTo(10);
        assertThat(log.lastSeq()).isEqualTo(410);
    }

    @Test
    void writeIntoAFullDiskAcknowledgesNothingAndTheStoreComesBackByItself() throws IOException {
        StreamLog log = stores().stream("S");
        fillWith(log, 100);
        for (int i = 0; i < 20; i++) {
            tick();
        }
        eat();
        var acknowledged = new long[1];
        var failed = new long[1];
        await().pollInSameThread().until(() -> {
            appendAnyway(log, acknowledged, failed);
            return failed[0] > 0;
        });
        makeRoom();
        for (int i = 0; i < 20; i++) {
            tick();
        }
        assertThat(stores().store.available()).isTrue();
        assertThat(stores().store.generation()).isGreaterThan(1);
        assertThat(log.lastSeq()).isGreaterThanOrEqualTo(100 + acknowledged[0]);
        appendAnyway(log, acknowledged, failed);
        long last = log.lastSeq();
        stores().close();
        mounted = open();
        assertThat(stores().stream("S").lastSeq()).isEqualTo(last);
        assertThat(StoreCheck.of(copy()).whole()).isTrue();
    }

    /** What no budget stops: as if everybody had asked before the disk became full. */
    private void appendAnyway(StreamLog log, long[] acknowledged, long[] failed) {
        stores().store
                .loop()
                .offer(
                        () -> {
                            for (int i = 0; i < 16; i++) {
                                log.append(Subject.of("s.1"), body(), 0, 1, null);
                            }
                            stores().store.loop().afterCommit(new Completion() {
                                @Override
                                public void committed() {
                                    acknowledged[0] += 16;
                                }

                                @Override
                                public void failed(StoreException cause) {
                                    failed[0]++;
                                }
                            });
                        },
                        PAYLOAD_BYTES);
        stores().store.loop().runOnce();
    }

    private Path copy() throws IOException {
        stores().close();
        Path copy = directory.resolve("copy");
        FileFaultPropertyTest.copy(mount.resolve("data"), copy);
        mounted = open();
        return copy;
    }

    @Test
    void storeOpensOnADiskThatIsFull() throws IOException {
        StreamLog log = stores().stream("S");
        fillWith(log, 200);
        for (int i = 0; i < 20; i++) {
            tick();
        }
        stores().close();
        eat();
        mounted = open();
        assertThat(stores().stream("S").messages()).isEqualTo(200);
        assertThat(stores().stream("S").delete(7, RemovalVisitor.NONE)).isTrue();
        stores().run();
        assertThat(stores().store.available()).isTrue();
        assertThat(stores().stream("S").messages()).isEqualTo(199);
        makeRoom();
    }
}
