package io.leafd.link;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration of this server lets cross one link. Immutable, any thread.
 *
 * <p>Replies need no entry: whoever may ask may be answered. Nor do acknowledgements and flow control of JetStream
 * consumers.
 *
 * @param exports filters of what may go out; null for everything, empty for nothing
 * @param imports filters of what may come in; null for everything, empty for nothing
 * @param forwarded filters of what forwards take up, which therefore does not go out live
 */
public record LinkRules(
        @Nullable List<String> exports, @Nullable List<String> imports, List<String> forwarded) {
    /** Everything may cross. */
    public static final LinkRules OPEN = new LinkRules(null, null, List.of());

    /** Copies the lists. */
    public LinkRules {
        exports = exports == null ? null : List.copyOf(exports);
        imports = imports == null ? null : List.copyOf(imports);
        forwarded = List.copyOf(forwarded);
    }

    /** The same rules with other forwards. */
    public LinkRules withForwarded(List<String> filters) {
        return new LinkRules(exports, imports, filters);
    }
}
