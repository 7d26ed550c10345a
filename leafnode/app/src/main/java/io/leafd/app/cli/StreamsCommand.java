package io.leafd.app.cli;

import io.leafd.app.admin.AdminException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code leafd streams}. */
@Command(
        name = "streams",
        description = "Shows the streams of the running leafd. Alone it is the same as: leafd streams ls",
        subcommands = {StreamsCommand.Ls.class, StreamsCommand.Details.class, StreamsCommand.Purge.class})
final class StreamsCommand extends StreamList {
    /** {@code leafd streams ls}. */
    @Command(name = "ls", description = "Lists the streams.")
    static final class Ls extends StreamList {}

    /** {@code leafd streams info}. */
    @Command(name = "info", description = "Shows one stream.")
    static final class Details extends Verb {
        @Mixin
        private final Running running = new Running();

        @Parameters(paramLabel = "NAME", description = "Name of the stream.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private String name;

        @Override
        public Integer call() {
            List<Answer> found = Answer.list(running.ask(terminal(), "streams", Map.of())).stream()
                    .filter(stream -> stream.text("name").equals(name))
                    .toList();
            if (found.isEmpty()) {
                throw new AdminException(
                        AdminException.Code.FAILED, "there is no stream \"" + name + "\"; see: leafd streams ls");
            }
            if (running.json()) {
                Running.printJson(terminal(), found.stream().map(Answer::fields).toList());
                return Cli.OK;
            }
            found.forEach(this::print);
            return Cli.OK;
        }

        private void print(Answer stream) {
            terminal()
                    .out()
                    .println(stream.text("kind") + " " + stream.text("name") + " of account " + stream.text("account")
                            + ", subjects " + stream.text("subjects"));
            terminal()
                    .out()
                    .println(stream.count("messages") + " messages, " + stream.bytes("bytes") + ", sequences "
                            + stream.number("first_seq") + " to " + stream.number("last_seq") + ", oldest "
                            + stream.time("oldest_age_ms") + ", " + stream.count("consumers") + " consumers");
        }
    }

    /** {@code leafd streams purge}. */
    @Command(name = "purge", description = "Removes all messages of a stream. Asks first.")
    static final class Purge extends Verb {
        @Mixin
        private final Running running = new Running();

        @Parameters(paramLabel = "NAME", description = "Name of the stream.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private String name;

        @Option(names = "--account", paramLabel = "NAME", description = "Its account, when several have such a stream.")
        private @Nullable String account;

        @Option(names = "--yes", description = "Do not ask.")
        private boolean yes;

        @Override
        public Integer call() {
            if (!yes && !confirmed()) {
                terminal().err().println("nothing was removed");
                return Cli.FAILED;
            }
            Map<String, @Nullable Object> arguments = new HashMap<>();
            arguments.put("name", name);
            arguments.put("account", account);
            Object tree = running.ask(terminal(), "streams-purge", arguments);
            if (running.json()) {
                Running.printJson(terminal(), tree);
            } else {
                terminal().out().println(Answer.of(tree).count("purged") + " messages removed");
            }
            return Cli.OK;
        }

        private boolean confirmed() {
            if (terminal().console() == null) {
                throw new ParameterException(spec().commandLine(), "nobody can be asked here; confirm with --yes");
            }
            String answer = terminal().console().readLine("Remove all messages of stream %s? Type its name: ", name);
            return name.equals(answer);
        }
    }
}
