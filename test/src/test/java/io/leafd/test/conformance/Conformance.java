package io.leafd.test.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A class of scenarios that runs against the real nats-server and against leafd. Its constructor takes {@link Brokers}, from which each
 * scenario gets its servers.
 *
 * <p>A scenario that leafd does not pass yet is listed in {@link ConformanceGaps}; all others must pass on both.
 * {@code -Dserver=nats_server} or {@code -Dserver=leafd} runs one side only, for work on a scenario.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ClassTemplate
@ExtendWith(BothServers.class)
@Tag("conformance")
public @interface Conformance {}
