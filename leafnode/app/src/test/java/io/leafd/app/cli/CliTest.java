package io.leafd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.app.admin.AdminServer;
import io.leafd.app.admin.AdminVerb;
import io.leafd.app.config.Golden;
import io.leafd.protocol.json.Json;
import io.leafd.security.login.Password;
import io.leafd.security.nkey.Nkey;
import io.leafd.security.nkey.NkeyType;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands against a leafd that answers from {@code answers.json}; {@code commands.txt} holds what each must print. */
class CliTest {
    @TempDir
    private Path directory;

    private record Printed(int exit, String out, String err) {}

    private Printed leafd(String input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new BufferedReader(new StringReader(input)),
                null,
                Map.of());
        int exit = new Cli(terminal).execute(arguments);
        return new Printed(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    @SuppressWarnings("try") // the server only has to be there
    void everyCommandPrintsWhatIsExpected() throws IOException {
        Files.writeString(directory.resolve("bad.toml"), "[server]\nmax_paylod = \"1MiB\"\nlisten = 3\n");
        Files.writeString(directory.resolve("good.toml"), "[server]\nname = \"press-7\"\n[log]\nlevel = \"warn\"\n");
        Files.writeString(
                directory.resolve("seedless.toml"),
                "[upstream.hq]\nurls = [\"nats://hub\"]\nnkey_seed_file = \"empty.nk\"\n");
        Path empty = Files.writeString(directory.resolve("empty.nk"), "no seed here\n");
        Files.setPosixFilePermissions(empty, PosixFilePermissions.fromString("rw-------"));
        Golden golden = new Golden("io/leafd/app/cli/commands.txt");
        Path socket = directory.resolve("admin.sock");
        try (AdminServer ignored = AdminServer.open(socket, verbs())) {
            String actual = golden.text()
                    .lines()
                    .filter(line -> line.startsWith("$ leafd"))
                    .map(line -> transcript(line, socket))
                    .collect(Collectors.joining());
            golden.assertIs(actual);
        }
    }

    private String transcript(String prompt, Path socket) {
        List<String> words = new ArrayList<>(List.of(prompt.split(" ", -1)));
        words.subList(0, 2).clear();
        words.replaceAll(
                word -> word.endsWith(".toml") ? directory.resolve(word).toString() : word);
        boolean asks = words.stream().noneMatch("--help"::equals)
                && List.of("status", "streams", "link", "why", "reload")
                        .contains(words.isEmpty() ? "" : words.getFirst());
        if (asks) {
            words.addAll(List.of("--socket", socket.toString()));
        }
        Printed printed = leafd("", words.toArray(new String[0]));
        String text = prompt + "\n" + printed.out + marked(printed.err) + "=> " + printed.exit + "\n\n";
        return text.replace(directory.toString(), "DIR").replaceAll("(?m)[ ]+$", "");
    }

    private static String marked(String err) {
        return err.lines().map(line -> "! " + line + "\n").collect(Collectors.joining());
    }

    private static Map<String, AdminVerb> verbs() throws IOException {
        byte[] json = Files.readAllBytes(Path.of("src/test/resources/io/leafd/app/cli/answers.json"));
        Map<String, AdminVerb> verbs = new HashMap<>();
        Json.parseObject(json).forEach((verb, answer) -> verbs.put(verb, arguments -> answer));
        return verbs;
    }

    @Test
    void aNewSeedAndItsPublicKeyBelongTogether() {
        Path file = directory.resolve("hq.nk");
        Printed made = leafd("", "nkey", "gen", "user", "--out", file.toString());
        Printed inspected = leafd("", "nkey", "inspect", file.toString());

        assertThat(made.exit).isZero();
        assertThat(Nkey.parse(NkeyType.USER, made.out.strip()).text()).isEqualTo(inspected.out.strip());
        assertThat(leafd("", "nkey", "--public", file.toString()).out).isEqualTo(inspected.out);
        assertThat(file).content().startsWith("SU").hasLineCount(1);
        assertThat(file)
                .satisfies(made2 -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made2)))
                        .isEqualTo("rw-------"));
        assertThat(leafd("", "nkey", "gen", "--out", file.toString()).err).contains("exists already");
    }

    @Test
    void aSeedOpenToOthersIsRefused() throws IOException {
        Path file = directory.resolve("hq.nk");
        leafd("", "nkey", "gen", "account", "--out", file.toString());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        Printed inspected = leafd("", "nkey", "inspect", file.toString());
        assertThat(inspected.exit).isEqualTo(78);
        assertThat(inspected.err).contains("chmod o-rwx");
        assertThat(inspected.out).isEmpty();
    }

    @Test
    void aPasswordFromAPipeIsHashed() {
        Printed printed = leafd("hunter2\n", "passwd");

        assertThat(printed.exit).isZero();
        assertThat(Password.stored(printed.out.strip(), "test").matches("hunter2".getBytes(StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(leafd("", "passwd").exit).isNotZero();
    }

    @Test
    void versionsAreThoseOfThisBuild() {
        assertThat(leafd("", "version").out)
                .contains("leafd")
                .contains("rocksdb")
                .doesNotContain("${");
    }

    @Test
    void theDefaultsAreAFileThatHolds() throws IOException {
        Path file = directory.resolve("leafd.toml");
        Files.writeString(file, leafd("", "check", "--defaults").out);
        assertThat(leafd("", "check", "--config", file.toString()).exit).isZero();
    }
}
