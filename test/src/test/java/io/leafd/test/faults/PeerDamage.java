package io.leafd.test.faults;

import java.io.UncheckedIOException;
import java.util.List;

/** Counts what a server that is not leafd makes of damaged files. It is not judged: what it does not promise, it cannot break. */
final class PeerDamage {
    private int notStarted;
    private int notReadable;
    private int silent;
    private long lost;
    private long declared;
    private long wrong;

    /** Starts the server on its damaged files and reads the stream. */
    void round(Box box, Workload workload) {
        try {
            box.start();
            judge(box, workload);
        } catch (IllegalStateException ended) {
            notStarted++;
        } catch (AssertionError | UncheckedIOException unread) {
            notReadable++;
        } finally {
            if (box.running()) {
                box.kill();
            }
        }
    }

    private void judge(Box box, Workload workload) {
        try (JetStreamApi api = JetStreamApi.open(box.clientPort())) {
            JetStreamApi.Reading reading = api.readIds(Workload.STREAM);
            List<Ledger.SeqRange> told = told(api);
            Verdict.Failures found = workload.ledger()
                    .judge(reading.entries(), reading.damaged().size(), told)
                    .failures();
            lost += found.lost().size();
            declared += found.declared().size();
            wrong += found.damaged();
            silent += found.lost().isEmpty() ? 0 : 1;
        }
    }

    /** What the server itself says that it lost; nothing if it does not know the stream any more. */
    static List<Ledger.SeqRange> told(JetStreamApi api) {
        return api.attempt("STREAM.INFO." + Workload.STREAM, "").numbers("state.lost.msgs").stream()
                .map(seq -> new Ledger.SeqRange(seq, seq))
                .toList();
    }

    @Override
    public String toString() {
        return "not started=%d not readable=%d rounds with silent losses=%d messages lost silently=%d told as lost=%d with wrong bytes=%d"
                .formatted(notStarted, notReadable, silent, lost, declared, wrong);
    }
}
