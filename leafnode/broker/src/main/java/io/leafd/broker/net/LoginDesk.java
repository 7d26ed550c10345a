package io.leafd.broker.net;

import io.leafd.security.login.LoginRequest;
import io.leafd.security.login.LoginResult;
import io.leafd.security.login.LoginResult.Reason;
import io.leafd.security.login.UserDirectory;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where all logins are decided and failures are counted. Any thread.
 *
 * <p>A slow one (bcrypt takes tens of milliseconds) is decided on the desk's own thread, away from the event loops, one at a time.
 * The addresses that wait take turns, so that a storm of passwords from one of them costs another no more than one password's
 * time; a login that nobody waits for any more costs nothing.
 *
 * <pre>
 *   event loops ──▶ arrivals ──▶ by address ──▶ decided, one of each address in turn
 *                  (any thread)      (the desk's thread alone)
 * </pre>
 *
 * <p>Bounds: {@value #WAITING_MAX} logins wait, {@value #WAITING_OF_ADDRESS_MAX} of one address; more are refused, and so are
 * those that {@link LoginThrottle} does not let try.
 */
public final class LoginDesk {
    static final int WAITING_MAX = 512;
    static final int WAITING_OF_ADDRESS_MAX = 64;

    private final LoginThrottle throttle;
    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(1, 1, 5, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_MAX), work -> {
                var made = new Thread(work, "login");
                made.setDaemon(true);
                return made;
            });
    private final AtomicInteger waiting = new AtomicInteger();
    private final ConcurrentHashMap<String, Integer> waitingByAddress = new ConcurrentHashMap<>();
    private final Queue<Waiting> arrivals = new ConcurrentLinkedQueue<>(); // bounded by waiting
    private final LinkedHashMap<String, ArrayDeque<Waiting>> turns = new LinkedHashMap<>(); // of the desk's thread

    /**
     * One try to log in.
     *
     * @param address the peer's, as text
     * @param wanted whether anybody still waits for the answer; any thread
     */
    public record Attempt(UserDirectory users, LoginRequest request, String address, BooleanSupplier wanted) {}

    private record Waiting(Attempt attempt, Consumer<LoginResult> then) {}

    LoginDesk(LongSupplier nanoTime) {
        throttle = new LoginThrottle(nanoTime);
        thread.allowCoreThreadTimeOut(true);
    }

    /**
     * Decides a login.
     *
     * @param then is told the result on the desk's thread if it takes long, unless nobody wants it any more
     * @return the result if it is known at once, else null
     */
    public @Nullable LoginResult decide(Attempt attempt, Consumer<LoginResult> then) {
        if (!attempt.users().slow(attempt.request())) {
            return decide(attempt);
        }
        if (!mayTry(attempt) || !queue(new Waiting(attempt, then))) {
            return new LoginResult.Refused(Reason.THROTTLED);
        }
        return null;
    }

    private boolean mayTry(Attempt attempt) {
        return throttle.mayTry(attempt.address(), attempt.request().claim());
    }

    private LoginResult decide(Attempt attempt) {
        if (!mayTry(attempt)) {
            return new LoginResult.Refused(Reason.THROTTLED);
        }
        LoginResult result = attempt.users().login(attempt.request());
        if (result instanceof LoginResult.Refused(Reason reason) && reason.guess()) {
            throttle.failed(attempt.address(), attempt.request().claim());
        }
        return result;
    }

    private boolean queue(Waiting login) {
        String address = login.attempt.address();
        int ofAll = waiting.incrementAndGet();
        int ofAddress = waitingByAddress.merge(address, 1, Integer::sum);
        if (ofAll > WAITING_MAX || ofAddress > WAITING_OF_ADDRESS_MAX) {
            left(address);
            return false;
        }
        arrivals.add(login);
        try {
            thread.execute(this::decideOne);
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        }
    }

    private void left(String address) {
        waiting.decrementAndGet();
        waitingByAddress.computeIfPresent(address, (same, count) -> count == 1 ? null : count - 1);
    }

    /** Runs once for each login that came. */
    private void decideOne() {
        for (Waiting login = arrivals.poll(); login != null; login = arrivals.poll()) {
            turns.computeIfAbsent(login.attempt.address(), address -> new ArrayDeque<>())
                    .add(login);
        }
        var turn = turns.pollFirstEntry();
        if (turn == null) {
            return;
        }
        Waiting login = turn.getValue().remove();
        if (!turn.getValue().isEmpty()) {
            turns.putLast(turn.getKey(), turn.getValue());
        }
        left(turn.getKey());
        if (login.attempt.wanted().getAsBoolean()) {
            login.then.accept(decide(login.attempt));
        }
    }

    void close() {
        thread.shutdownNow();
    }
}
