package io.leafd.test.peer;

/** The official Python client: runs a program from the test resources that fails when it is not served well. */
public final class PythonClient {

    private PythonClient() {}

    /**
     * Runs a program to its end.
     *
     * @param resource name below {@code python/} of the test resources
     * @param arguments of the program
     * @return what it wrote
     * @throws AssertionError when its exit status is not 0, with all that it wrote
     */
    public static String run(String resource, String... arguments) {
        try (ClientProgram program = ClientProgram.python(resource, arguments)) {
            return program.awaitSuccess();
        }
    }
}
