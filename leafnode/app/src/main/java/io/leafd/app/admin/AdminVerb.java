package io.leafd.app.admin;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a running leafd does for one administrative command. Called on a virtual thread; may block, but not for long. */
@FunctionalInterface
public interface AdminVerb {
    /**
     * Carries it out.
     *
     * @param arguments as the command sent them: a tree as {@link io.leafd.protocol.json.Json} makes it
     * @return the answer, such a tree as well
     * @throws AdminException when it cannot be done
     */
    @Nullable
    Object answer(Map<String, @Nullable Object> arguments);
}
