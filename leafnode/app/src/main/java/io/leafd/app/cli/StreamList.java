package io.leafd.app.cli;

import org.jspecify.annotations.Nullable;

/** The streams of the running leafd: {@code leafd streams} and {@code leafd streams ls}. */
abstract class StreamList extends Question {
    StreamList() {
        super("streams");
    }

    @Override
    final void print(@Nullable Object answer) {
        TextTable table = new TextTable(
                "ACCOUNT",
                "STREAM",
                "KIND",
                ">MESSAGES",
                ">BYTES",
                ">FIRST",
                ">LAST",
                ">OLDEST",
                ">CONSUMERS",
                "SUBJECTS");
        for (Answer stream : Answer.list(answer)) {
            table.row(
                    stream.text("account"),
                    stream.text("name"),
                    stream.text("kind"),
                    stream.count("messages"),
                    stream.bytes("bytes"),
                    Long.toString(stream.number("first_seq")),
                    Long.toString(stream.number("last_seq")),
                    stream.number("messages") == 0 ? "-" : stream.time("oldest_age_ms"),
                    stream.count("consumers"),
                    stream.textOrNone("subjects"));
        }
        table.print(terminal());
    }
}
