package io.leafd.store.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StoreLoopTest {
    /** A group that writes into a list. */
    private static final class FakeGroup implements GroupCommit {
        final List<String> staged = new ArrayList<>();
        final List<List<String>> commits = Collections.synchronizedList(new ArrayList<>());

        @Nullable
        StoreException failure;

        int fullAt = Integer.MAX_VALUE;

        @Override
        public boolean pending() {
            return !staged.isEmpty();
        }

        @Override
        public boolean full() {
            return staged.size() >= fullAt;
        }

        @Override
        public void commit(boolean durable) {
            StoreException cause = failure;
            if (cause != null) {
                staged.clear();
                throw cause;
            }
            commits.add(List.copyOf(staged));
            staged.clear();
        }
    }

    private final FakeGroup group = new FakeGroup();
    private final AtomicLong nowNs = new AtomicLong();
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private final StoreLoop loop = new StoreLoop(new LoopBounds(16, 1000, 4), nowNs::get, group);

    private Work append(String what) {
        return () -> {
            group.staged.add(what);
            loop.afterCommit(() -> said.add(what));
        };
    }

    @Test
    void whatWaitsIsCommittedTogetherAndThenCompletedInOrder() {
        loop.offer(append("a"), 1);
        loop.offer(append("b"), 1);
        assertThat(said).isEmpty();

        loop.runOnce();
        assertThat(group.commits).containsExactly(List.of("a", "b"));
        assertThat(said).containsExactly("a", "b");
        assertThat(loop.runOnce()).isZero();
    }

    @Test
    void groupsEndAtTheItemBoundAndWhenFull() {
        for (int i = 0; i < 6; i++) {
            loop.offer(append("m" + i), 1);
        }
        loop.runOnce();
        assertThat(group.commits.getFirst()).hasSize(4);
        group.fullAt = 1;
        loop.runOnce();
        assertThat(group.commits.get(1)).hasSize(1);
        loop.runUntilIdle();
        assertThat(said).hasSize(6);
    }

    @Test
    void controlGoesFirstAndIsNeverRefused() {
        for (int i = 0; i < 16; i++) {
            assertThat(loop.offer(append("m"), 1)).isTrue();
        }
        assertThat(loop.offer(append("m"), 1)).isFalse();
        loop.control(append("control"));
        loop.runOnce();
        assertThat(said.getFirst()).isEqualTo("control");
    }

    @Test
    void failedCommitFailsEveryCompletionOfTheGroup() {
        group.failure = new StoreException.Unavailable("disk gone", null);
        loop.offer(
                () -> {
                    group.staged.add("a");
                    loop.afterCommit(new Completion() {
                        @Override
                        public void committed() {
                            said.add("acked");
                        }

                        @Override
                        public void failed(StoreException cause) {
                            said.add("failed: " + cause.getMessage());
                        }
                    });
                },
                1);
        loop.runOnce();
        assertThat(said).containsExactly("failed: disk gone");
    }

    @Test
    void workThatThrowsIsAnsweredAndOthersGoOn() {
        loop.offer(
                new Work() {
                    @Override
                    public void run() {
                        throw new StoreException.Full("no room");
                    }

                    @Override
                    public void failed(StoreException cause) {
                        said.add(String.valueOf(cause.getMessage()));
                    }
                },
                1);
        loop.offer(append("b"), 1);
        loop.runOnce();
        assertThat(said).containsExactly("no room", "b");
    }

    @Test
    void bugInOneItemIsAnsweredAsUnavailable() {
        loop.offer(
                new Work() {
                    @Override
                    public void run() {
                        throw new IllegalStateException("broken");
                    }

                    @Override
                    public void failed(StoreException cause) {
                        said.add(cause.getClass().getSimpleName());
                    }
                },
                1);
        loop.runOnce();
        assertThat(said).containsExactly("Unavailable");
    }

    @Test
    void departuresOfWorkRunBeforeTheCommit() {
        loop.offer(append("a"), 1);
        loop.offer(() -> loop.beforeWaiting(() -> said.add("left with " + group.commits.size() + " commits")), 1);
        loop.runUntilIdle();
        assertThat(said).containsExactly("left with 0 commits", "a");
    }

    @Test
    void departuresOfCompletionsRunOnceBehindAllOfThem() {
        loop.offer(
                () -> {
                    loop.afterCommit(() -> {
                        loop.beforeWaiting(() -> {
                            throw new IllegalStateException("of this one only");
                        });
                        loop.beforeWaiting(() -> said.add("left"));
                    });
                    loop.afterCommit(() -> said.add("last completion"));
                },
                1);
        loop.runUntilIdle();
        assertThat(said).containsExactly("last completion", "left");
    }

    @Test
    void timersFireWhenDueAndTheirWritesAreCommitted() {
        loop.schedule(10, append("t"));
        LoopTimer cancelled = loop.schedule(10, append("never"));
        cancelled.cancel();
        loop.runUntilIdle();
        assertThat(said).isEmpty();
        nowNs.set(10);
        loop.runUntilIdle();
        assertThat(said).containsExactly("t");
    }

    @Test
    void completionMayRegisterForTheNextGroup() {
        loop.offer(() -> loop.afterCommit(() -> loop.afterCommit(() -> said.add("second"))), 1);
        loop.runUntilIdle();
        assertThat(said).containsExactly("second");
    }

    @Test
    void deferredWorkRunsInTheSameGroup() {
        loop.offer(() -> loop.defer(append("later")), 1);
        loop.runOnce();
        assertThat(group.commits).containsExactly(List.of("later"));
    }

    @Test
    void isHeldUpForAsLongAsItsRoundLastsAndNotBetweenTwo() {
        nowNs.set(1_000);
        assertThat(loop.heldUpNs()).isZero();
        var heldUpNs = new AtomicLong();
        loop.offer(
                () -> {
                    nowNs.addAndGet(70);
                    heldUpNs.set(loop.heldUpNs());
                },
                1);
        loop.runOnce();
        nowNs.addAndGet(500);

        assertThat(heldUpNs).hasValue(70);
        assertThat(loop.heldUpNs()).isZero();
    }

    @Test
    void threadRunsWhatOthersOfferAndEndsAfterTheRest() {
        var real = new StoreLoop(LoopBounds.DEFAULT, System::nanoTime, group);
        real.start();
        assertThat(real.inLoop()).isFalse();
        for (int i = 0; i < 100; i++) {
            String name = "m" + i;
            real.offer(() -> real.afterCommit(() -> said.add(name)), 1);
        }
        await().until(() -> said.size() == 100);
        real.control(() -> real.schedule(1_000_000, () -> said.add("timer")));
        await().until(() -> said.contains("timer"));
        real.offer(() -> real.afterCommit(() -> said.add("last")), 1);
        real.close();
        assertThat(said).contains("last");
        assertThat(real.offer(() -> {}, 1)).isFalse();
        real.close();
    }
}
