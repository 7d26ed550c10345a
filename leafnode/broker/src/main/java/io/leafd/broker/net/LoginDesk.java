package io.leafd.broker.net;

import io.leafd.security.login.LoginRequest;
import io.leafd.security.login.LoginResult;
import io.leafd.security.login.UserDirectory;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Decides slow logins (bcrypt takes tens of milliseconds) away from the event loops. Any thread.
 *
 * <p>Bounds: one login at a time, {@value #QUEUE_MAX} waiting; more are refused, so that a storm of passwords costs one
 * core and little memory.
 */
public final class LoginDesk {
    private static final int QUEUE_MAX = 512;

    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(0, 1, 5, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE_MAX), work -> {
                var thread = new Thread(work, "login");
                thread.setDaemon(true);
                return thread;
            });

    LoginDesk() {
        threads.setCorePoolSize(1);
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Decides and tells {@code then} on the desk's thread.
     *
     * @return false if too many logins wait already
     */
    public boolean decide(UserDirectory users, LoginRequest request, Consumer<LoginResult> then) {
        try {
            threads.execute(() -> then.accept(users.login(request)));
            return true;
        } catch (RejectedExecutionException full) {
            return false;
        }
    }

    void close() {
        threads.shutdownNow();
    }
}
