package io.leafd.test.conformance;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

/** Runs a class of scenarios once for each {@link ServerUnderTest} and compares failures with {@link ConformanceGaps}. */
final class BothServers implements ClassTemplateInvocationContextProvider {

    @Override
    public boolean supportsClassTemplate(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<? extends ClassTemplateInvocationContext> provideClassTemplateInvocationContexts(
            ExtensionContext context) {
        String only = System.getProperty("server");
        return Stream.of(ServerUnderTest.values())
                .filter(server ->
                        only == null || server.name().toLowerCase(Locale.ROOT).equals(only))
                .map(OneServer::new);
    }

    private static final Pattern CASE = Pattern.compile("\\[test-template-invocation:#(\\d+)]");

    /** One run of the class. */
    private record OneServer(ServerUnderTest server) implements ClassTemplateInvocationContext {

        @Override
        public String getDisplayName(int invocationIndex) {
            return server.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(new Run(server, new Brokers(server)));
        }
    }

    /** Gives the scenarios their servers and judges how they end. */
    private record Run(ServerUnderTest server, Brokers brokers)
            implements ParameterResolver,
                    InvocationInterceptor,
                    AfterEachCallback,
                    AfterClassTemplateInvocationCallback {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Brokers.class;
        }

        @Override
        public Brokers resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return brokers;
        }

        @Override
        public void interceptTestMethod(
                Invocation<Void> scenario, ReflectiveInvocationContext<Method> method, ExtensionContext context)
                throws Throwable {
            judge(scenario, context);
        }

        @Override
        public void interceptTestTemplateMethod(
                Invocation<Void> scenario, ReflectiveInvocationContext<Method> method, ExtensionContext context)
                throws Throwable {
            judge(scenario, context);
        }

        @Override
        public void afterEach(ExtensionContext context) {
            brokers.closeOwned();
        }

        @Override
        public void afterClassTemplateInvocation(ExtensionContext context) {
            brokers.closeAll();
        }

        /** {@code Class.method}, and the number of the case when the method runs for several: {@code Class.method#3}. */
        private static String id(ExtensionContext context) {
            String method = context.getRequiredTestClass().getSimpleName() + "."
                    + context.getRequiredTestMethod().getName();
            Matcher number = CASE.matcher(context.getUniqueId());
            return number.find() ? method + "#" + number.group(1) : method;
        }

        private void judge(Invocation<Void> scenario, ExtensionContext context) throws Throwable {
            String id = id(context);
            boolean gap = server == ServerUnderTest.LEAFD && ConformanceGaps.contains(id);
            try {
                scenario.proceed();
            } catch (Throwable failure) {
                if (gap) {
                    throw new TestAbortedException(
                            "not yet in leafd, listed in " + ConformanceGaps.FILE + ": " + id, failure);
                }
                failure.addSuppressed(
                        new ServerLogs("ran against " + server + " scenario " + id + "\n" + brokers.logTails()));
                throw failure;
            }
            if (gap) {
                throw new AssertionError("leafd passes %s now: remove it from %s".formatted(id, ConformanceGaps.FILE));
            }
        }
    }

    /** Carries the servers' last words into the report of a failed scenario. */
    private static final class ServerLogs extends Throwable {

        ServerLogs(String tails) {
            super(tails, null, false, false);
        }
    }
}
