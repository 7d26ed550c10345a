package io.leafd.test.hostility;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.LeafdProcess;
import io.leafd.test.peer.Ports;
import io.leafd.test.peer.TestDirectory;
import java.nio.file.Path;
import java.time.Duration;

/** A leafd with every listener, and what it held before it was attacked. Owned by one scenario. */
final class Box implements AutoCloseable {
    static final String USER = "good";
    static final String PASSWORD = "a-good-password";

    /** Beyond what it held at rest: buffers and pools that a burst leaves behind, in a process of about 150 MiB. */
    private static final long MORE_RESIDENT_KIB = 40 * 1024;

    /** More than the ten seconds after which leafd gives back what compilers and bursts took. */
    private static final Duration SETTLED = Duration.ofSeconds(15);

    final LeafdProcess leafd;
    final int leafPort;
    final int httpPort;
    private Footprint before;

    private Box(LeafdProcess leafd, int leafPort, int httpPort) {
        this.leafd = leafd;
        this.leafPort = leafPort;
        this.httpPort = httpPort;
        this.before = new Footprint(0, 0);
    }

    /**
     * Starts one.
     *
     * @param more further tables; {@code DIR} stands for its directory
     */
    static Box start(String name, String more) {
        Path directory = TestDirectory.create(name);
        secret(directory.resolve("good.pw"), PASSWORD);
        int clientPort = Ports.free();
        int leafPort = Ports.free();
        int httpPort = Ports.free();
        LeafdProcess leafd =
                LeafdProcess.of(directory, clientPort, """
                [server]
                name = "box"
                listen = "127.0.0.1:%d"
                data_dir = "DIR/data"
                [http]
                listen = "127.0.0.1:%d"
                [leafnodes]
                listen = "127.0.0.1:%d"
                [[accounts.PLANT.users]]
                name = "%s"
                password_file = "DIR/good.pw"
                %s
                """.formatted(clientPort, httpPort, leafPort, USER, more)
                        .replace("DIR", directory.toString()));
        leafd.start();
        return new Box(leafd, leafPort, httpPort);
    }

    static Path secret(Path file, String text) {
        return TestDirectory.secret(file, text + "\n");
    }

    /** Takes the measure that {@link #settles} compares with: after everything was used once. */
    void measure() {
        before = Footprint.of(leafd);
    }

    /** It still runs, and holds no more than before the attack. */
    void settles() {
        Deadline.await(
                "all connections of the attack are gone",
                SETTLED,
                () -> Footprint.of(leafd).files() <= before.files() + 2);
        long residentMaxKib = before.residentKib() + MORE_RESIDENT_KIB;
        Deadline.await(
                "less than %d KiB of memory are held, %d before the attack"
                        .formatted(residentMaxKib, before.residentKib()),
                SETTLED,
                () -> Footprint.of(leafd).residentKib() < residentMaxKib);
        assertThat(leafd.running()).isTrue();
        assertThat(leafd.logText()).doesNotContain(" ERROR ", "\tat ", "    at ");
    }

    @Override
    public void close() {
        leafd.close();
    }
}
