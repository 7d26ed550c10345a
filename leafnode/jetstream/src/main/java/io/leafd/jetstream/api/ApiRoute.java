package io.leafd.jetstream.api;

/**
 * One kind of request below {@code $JS.API.}. Immutable.
 *
 * @param pattern the subject behind {@code $JS.API.}, {@code STREAM.CREATE.*}
 * @param type the answer's type behind {@code io.nats.jetstream.api.v1.}, {@code stream_create_response}
 * @param zeroFields what an error answer carries besides type and error, as JSON fields with a leading comma: Go's encoder
 *     writes the zero value of every field that is not optional, {@code ,"total":0,"offset":0,"limit":0}
 * @param handler answers it
 */
public record ApiRoute(String pattern, String type, String zeroFields, ApiHandler handler) {
    private static final String[] NONE = new String[0];

    /** A route whose error answers have no further fields. */
    public ApiRoute(String pattern, String type, ApiHandler handler) {
        this(pattern, type, "", handler);
    }

    /** A route for requests that are not answered in JSON, or not at all. */
    public ApiRoute(String pattern, ApiHandler handler) {
        this(pattern, "", "", handler);
    }

    String[] tokens() {
        return pattern.isEmpty() ? NONE : pattern.split("\\.", -1);
    }
}
