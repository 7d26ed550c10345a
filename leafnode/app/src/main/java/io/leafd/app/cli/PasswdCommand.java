package io.leafd.app.cli;

import io.leafd.security.login.Password;
import java.io.Console;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import picocli.CommandLine.Command;

/** {@code leafd passwd}. */
@Command(
        name = "passwd",
        description =
                "Prints the bcrypt hash of a password, for password_hash. Asks for the password; without a terminal it"
                        + " reads one line of standard input.")
final class PasswdCommand extends Verb {
    private static final int UTF8_BYTES_PER_CHAR_MAX = 3;

    @Override
    public Integer call() throws IOException {
        Console console = terminal().console();
        char[] password = console == null ? line() : ask(console);
        byte[] bytes = bytes(password);
        try {
            terminal().out().println(Password.hash(bytes, new SecureRandom()));
        } finally {
            Arrays.fill(password, '\0');
            Arrays.fill(bytes, (byte) 0);
        }
        return Cli.OK;
    }

    private char[] line() throws IOException {
        String line = terminal().in().readLine();
        return line == null ? new char[0] : line.toCharArray();
    }

    private static char[] ask(Console console) throws IOException {
        char[] first = console.readPassword("Password: ");
        char[] second = console.readPassword("Once more: ");
        if (first == null || second == null || !Arrays.equals(first, second)) {
            throw new IOException("the two passwords differ; run it again");
        }
        Arrays.fill(second, '\0');
        return first;
    }

    private static byte[] bytes(char[] password) {
        ByteBuffer encoded = ByteBuffer.allocate(password.length * UTF8_BYTES_PER_CHAR_MAX);
        StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(password), encoded, true);
        byte[] bytes = Arrays.copyOf(encoded.array(), encoded.position());
        Arrays.fill(encoded.array(), (byte) 0);
        return bytes;
    }
}
