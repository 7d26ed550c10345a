package io.leafd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.app.admin.AdminException;
import io.leafd.app.config.Golden;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The manual page leafd(8), which is written by hand, names every command and every exit code. */
class ManualTest {
    private static final int STOPPED_BY_SIGTERM = 143;

    private static String page() throws IOException {
        return new Golden("/packaging/src/main/man/leafd.8").text();
    }

    @Test
    void namesEveryCommandAndNoOther() throws IOException {
        Set<String> described = new TreeSet<>();
        Pattern.compile("(?m)^\\.It Ic (\\S+)")
                .matcher(page())
                .results()
                .forEach(found -> described.add(found.group(1)));
        assertThat(described)
                .isEqualTo(new TreeSet<>(
                        Cli.model(Terminal.ofProcess()).getSubcommands().keySet()));
    }

    @Test
    void namesEveryCommandOfACommand() throws IOException {
        String page = page();
        Cli.model(Terminal.ofProcess()).getSubcommands().forEach((name, command) -> {
            List<String> words = command.getSubcommands().keySet().stream().toList();
            String line = page.lines()
                    .filter(it -> it.equals(".It Ic " + name) || it.startsWith(".It Ic " + name + " "))
                    .findFirst()
                    .orElse("");
            assertThat(line.split(" ", -1)).as(".It Ic " + name).containsAll(words);
        });
    }

    @Test
    void namesEveryExitCode() throws IOException {
        Set<Integer> codes = new TreeSet<>(List.of(Cli.OK, Cli.FAILED, Cli.USAGE, Cli.BAD_CONFIG, STOPPED_BY_SIGTERM));
        Arrays.stream(AdminException.Code.values()).forEach(code -> codes.add(code.exit()));
        Set<Integer> described = new TreeSet<>();
        Pattern.compile("(?m)^\\.It (\\d+)$")
                .matcher(page())
                .results()
                .forEach(found -> described.add(Integer.valueOf(found.group(1))));
        assertThat(described).isEqualTo(codes);
    }

    @Test
    void bashCompletesEveryCommand() {
        String script = Cli.bashCompletion();
        for (CommandLine command :
                Cli.model(Terminal.ofProcess()).getSubcommands().values()) {
            assertThat(script)
                    .contains("function _picocli_leafd_"
                            + command.getCommandName().replace("-", ""));
        }
    }
}
