package io.leafd.link;

/**
 * Why a subject may, or may not, cross a link in one direction. Immutable, any thread; made when the rules are, so that
 * judging a message makes no objects.
 *
 * @param origin who made the rule
 * @param filter the entry that decided; empty if it is the lack of one
 * @param allows what it says
 */
public record LinkRule(Origin origin, String filter, boolean allows) {
    /** Who makes rules about a link. */
    public enum Origin {
        /** There is no rule. */
        NONE,
        /** {@code export} or {@code import} in the configuration of this server. */
        LIST,
        /** A forward of this server takes these messages up, so they do not go live as well. */
        FORWARD,
        /** JetStream's own subjects belong to one side. */
        JETSTREAM,
        /** The permissions that the other side gives, or that this side gives a leaf. */
        PEER,
        /** The other side closed a connection because of this subject. */
        REFUSED,
        /** It answers a message that crossed the other way. */
        ANSWER
    }

    /** Everything may cross. */
    static final LinkRule OPEN = new LinkRule(Origin.NONE, "", true);

    /** An answer may cross. */
    static final LinkRule ANSWERED = new LinkRule(Origin.ANSWER, "", true);

    /** One line for the box owner. */
    public String text() {
        String entry = filter.isEmpty() ? "" : " \"" + filter + "\"";
        return switch (origin) {
            case NONE -> "no rule restricts it";
            case LIST -> filter.isEmpty() ? "the configured list does not name it" : "listed as" + entry;
            case FORWARD -> "taken by the forward of" + entry;
            case JETSTREAM -> "JetStream keeps" + entry + " on its own side";
            case PEER -> {
                if (filter.isEmpty()) {
                    yield allows ? "the peer's permissions allow it" : "the peer's permissions do not name it";
                }
                yield "the peer's permissions " + (allows ? "allow" : "deny") + entry;
            }
            case REFUSED -> "the peer has refused" + entry + " before";
            case ANSWER -> "it answers a message that crossed";
        };
    }
}
