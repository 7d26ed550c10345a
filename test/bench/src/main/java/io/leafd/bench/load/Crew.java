package io.leafd.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Clients that work at the same time, each on a thread of its own; the first failure of one ends them all. */
final class Crew {
    private Crew() {}

    /**
     * Runs all works and returns their results in order.
     *
     * @param limit after which the run has failed; the wires must then be closed to free threads that wait for bytes
     */
    static <T> List<T> run(List<Callable<T>> works, Duration limit) {
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("load-", 0).factory());
        long endNs = System.nanoTime() + limit.toNanos();
        try {
            List<Future<T>> running = new ArrayList<>();
            works.forEach(work -> running.add(threads.submit(work)));
            List<T> results = new ArrayList<>();
            for (Future<T> one : running) {
                results.add(one.get(Math.max(0, endNs - System.nanoTime()), TimeUnit.NANOSECONDS));
            }
            return results;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a client failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the clients did not finish within " + limit, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            threads.shutdownNow();
        }
    }
}
