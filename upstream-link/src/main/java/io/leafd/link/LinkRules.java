package io.leafd.link;

import java.util.List;

/**
 * What the configuration of this server lets cross one link. Immutable, any thread.
 *
 * <p>Replies need no entry: whoever may ask may be answered. Nor do acknowledgements and flow control of JetStream
 * consumers.
 *
 * @param exports filters of what may go out; empty for everything
 * @param imports filters of what may come in; empty for everything
 * @param forwarded filters of what forwards take up, which therefore does not go out live
 */
public record LinkRules(List<String> exports, List<String> imports, List<String> forwarded) {
    /** Everything may cross. */
    public static final LinkRules OPEN = new LinkRules(List.of(), List.of(), List.of());

    /** Copies the lists. */
    public LinkRules {
        exports = List.copyOf(exports);
        imports = List.copyOf(imports);
        forwarded = List.copyOf(forwarded);
    }

    /** The same rules with other forwards. */
    public LinkRules withForwarded(List<String> filters) {
        return new LinkRules(exports, imports, filters);
    }
}
