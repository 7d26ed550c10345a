package io.leafd.test.faults;

import io.leafd.test.peer.JsonTree;
import io.leafd.test.peer.LeafdProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What leafd says that it lost, by {@code leafd store check} on a store that nobody has open: what is damaged now, and what earlier
 * openings found.
 *
 * @param text the whole answer
 */
record LossReport(JsonTree text) {
    private static final int CHECK_MAX_S = 120;
    private static final Pattern SEQUENCES = Pattern.compile("sequences ([0-9 to,]+)");
    private static final Pattern RANGE = Pattern.compile("(\\d+)(?: to (\\d+))?");

    /** Asks about the store of a box that does not run. */
    static LossReport of(Path config) {
        List<String> command = LeafdProcess.command("store", "check", "--json", "--config", config.toString());
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(CHECK_MAX_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(command + " does not end");
            }
            if (!answer.startsWith("{")) {
                throw new IllegalStateException(
                        "leafd store check: status %d: %s".formatted(process.exitValue(), answer));
            }
            return new LossReport(JsonTree.of(answer));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The sequences of a stream that are lost. */
    List<Ledger.SeqRange> lost(String stream) {
        var ranges = new ArrayList<Ledger.SeqRange>();
        for (int i = 0; text.has("streams." + i); i++) {
            if (text.text("streams.%d.name".formatted(i)).equals(stream)) {
                for (int j = 0; text.has("streams.%d.lost_ranges.%d".formatted(i, j)); j++) {
                    String range = "streams.%d.lost_ranges.%d.".formatted(i, j);
                    ranges.add(new Ledger.SeqRange(text.number(range + "first_seq"), text.number(range + "last_seq")));
                }
            }
        }
        for (int i = 0; text.has("history." + i); i++) {
            String line = text.text("history." + i);
            Matcher sequences = SEQUENCES.matcher(line);
            if (line.contains(stream) && sequences.find()) {
                Matcher range = RANGE.matcher(sequences.group(1));
                while (range.find()) {
                    long from = Long.parseLong(range.group(1));
                    ranges.add(
                            new Ledger.SeqRange(from, range.group(2) == null ? from : Long.parseLong(range.group(2))));
                }
            }
        }
        return ranges;
    }
}
