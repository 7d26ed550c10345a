package io.leafd.jetstream.api;

/**
 * A request that is refused: thrown by the checks of a request, caught once by {@link ApiRequest#answer}. It carries no stack
 * trace, because the client is wrong and not the code.
 */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Fault fault;

    public ApiException(Fault fault) {
        super(fault.description(), null, false, false);
        this.fault = fault;
    }

    /** What the client is told. */
    public Fault fault() {
        return fault;
    }
}
