package io.leafd.systemd;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** Binds slf4j to {@link Log}. Found by slf4j through {@code META-INF/services}. Any thread. */
public final class LogProvider implements SLF4JServiceProvider {
    private final Map<String, Logger> loggers = new ConcurrentHashMap<>();
    private final IMarkerFactory markers = new BasicMarkerFactory();

    @Override
    public ILoggerFactory getLoggerFactory() {
        return name -> loggers.computeIfAbsent(name, NamedLogger::new);
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return new NOPMDCAdapter();
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {
        // everything is there already
    }

    /** The logger of one class. Any thread. */
    private static final class NamedLogger extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1;

        private final boolean ours;

        NamedLogger(String name) {
            this.name = name;
            this.ours = name.startsWith("io.leafd.");
        }

        @Override
        public boolean isTraceEnabled() {
            return Log.writes(Level.TRACE, ours);
        }

        @Override
        public boolean isDebugEnabled() {
            return Log.writes(Level.DEBUG, ours);
        }

        @Override
        public boolean isInfoEnabled() {
            return Log.writes(Level.INFO, ours);
        }

        @Override
        public boolean isWarnEnabled() {
            return Log.writes(Level.WARN, ours);
        }

        @Override
        public boolean isErrorEnabled() {
            return Log.writes(Level.ERROR, ours);
        }

        @Override
        protected @Nullable String getFullyQualifiedCallerName() {
            return null; // lines name no place in the code
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level,
                @Nullable Marker marker,
                String pattern,
                Object @Nullable [] arguments,
                @Nullable Throwable thrown) {
            Log.write(level, name, MessageFormatter.basicArrayFormat(pattern, arguments), thrown);
        }
    }
}
