package io.leafd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.store.loop.GroupCommit;
import io.leafd.store.loop.LoopBounds;
import io.leafd.store.loop.Refusable;
import io.leafd.store.loop.StoreLoop;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A disk that somebody else fills while a sync is under way. What happens during the sync is told to the fake disk beforehand. */
class FullDiskWatchTest {
    private static final long MS = 1_000_000;
    private static final long MIB = 1 << 20;
    private static final long PLENTY_BYTES = 100L << 30;

    /** Takes as long for a sync as {@link #during} lets the clock go on. */
    private static final class SlowDisk implements GroupCommit {
        boolean staged;
        Runnable during = () -> {};

        @Override
        public boolean pending() {
            return staged;
        }

        @Override
        public boolean full() {
            return false;
        }

        @Override
        public void commit(boolean durable) {
            staged = false;
            during.run();
        }
    }

    private final SlowDisk disk = new SlowDisk();
    private final List<String> said = new ArrayList<>();
    private final StoreLoop loop = new StoreLoop(new LoopBounds(16, 1000, 1), this::nowNs, disk);
    private final FullDiskWatch watch = new FullDiskWatch(loop, this::spareBytes, this::full);
    private long nowNs;
    private long spareBytes = 40 * MIB;
    private boolean full;

    private long nowNs() {
        return nowNs;
    }

    private long spareBytes() {
        return spareBytes;
    }

    private boolean full() {
        return full;
    }

    /** One message; the loop's group is of one, so the second waits for the sync of the first. */
    private final class Publish implements Refusable {
        private final String name;
        private final boolean answered;

        Publish(String name, boolean answered) {
            this.name = name;
            this.answered = answered;
        }

        @Override
        public void run() {
            disk.staged = true;
            loop.afterCommit(() -> said.add(name + " stored"));
        }

        @Override
        public boolean refusable() {
            return answered;
        }

        @Override
        public void refuse() {
            said.add(name + " refused");
        }
    }

    private void publish(String name) {
        loop.offer(new Publish(name, true), 1);
    }

    private void pass(long ms) {
        nowNs += ms * MS;
        watch.look();
    }

    @Test
    void whoWaitsBehindASyncOnADiskThatIsBeingFilledIsRefused() {
        watch.look();
        publish("first");
        publish("second");
        disk.during = () -> {
            spareBytes = 15 * MIB;
            pass(50);
            assertThat(said).as("not long enough").isEmpty();
            pass(15);
            assertThat(said).containsExactly("second refused");
            assertThat(watch.refusing()).isTrue();
            pass(300);
        };
        loop.runUntilIdle();
        watch.look();

        assertThat(said).containsExactly("second refused", "first stored");
        assertThat(watch.refusing()).isFalse();
    }

    @Test
    void whoeverSlippedInMeanwhileIsRefusedWithTheNextLook() {
        watch.look();
        publish("first");
        disk.during = () -> {
            spareBytes = 15 * MIB;
            pass(60);
            publish("second");
            pass(15);
        };
        loop.runUntilIdle();

        assertThat(said).containsExactly("second refused", "first stored");
    }

    @Test
    void aSlowDiskWithRoomKeepsEverybodyWaiting() {
        watch.look();
        publish("first");
        publish("second");
        disk.during = () -> {
            spareBytes = 21 * MIB;
            pass(3_000);
        };
        loop.runUntilIdle();

        assertThat(said).containsExactly("first stored", "second stored");
    }

    @Test
    void aDiskThatFillsSlowlyIsNotBeingFilled() {
        for (int second = 0; second < 30; second++) {
            spareBytes -= MIB;
            pass(1_001);
        }
        publish("first");
        publish("second");
        disk.during = () -> pass(1_000);
        loop.runUntilIdle();

        assertThat(said).containsExactly("first stored", "second stored");
    }

    @Test
    void whatWasSpareIsRememberedForASecondAtLeastAndForTheWholeSync() {
        pass(900);
        spareBytes = 25 * MIB;
        pass(101); // a new second, in the midst of it
        spareBytes = 15 * MIB;
        pass(800);
        publish("first");
        publish("second");
        disk.during = () -> {
            nowNs += 5_000 * MS;
            pass(0);
        };
        loop.runUntilIdle();

        assertThat(said).containsExactly("second refused", "first stored");
    }

    @Test
    void onAFullDiskNobodyWaitsForTheSyncOfADelete() {
        full = true;
        loop.offer(() -> disk.staged = true, 1);
        publish("message");
        disk.during = () -> pass(60);
        loop.runUntilIdle();

        assertThat(said).containsExactly("message refused");
    }

    @Test
    void whoAsksForNoAnswerIsNotDroppedForIt() {
        full = true;
        publish("first");
        loop.offer(new Publish("silent", false), 1);
        disk.during = () -> pass(60);
        loop.runUntilIdle();

        assertThat(said).containsExactly("first stored", "silent stored");
    }

    @Test
    void looksOftenOnlyWhenLittleIsLeft() {
        assertThat(watch.look()).isEqualTo(15 * MS);
        spareBytes = PLENTY_BYTES;
        assertThat(watch.look()).isEqualTo(250 * MS);
    }
}
