package io.leafd.store;

import io.leafd.store.engine.Engine;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.LostTable;
import io.leafd.store.engine.Wreckage;
import io.leafd.store.files.LostFiles;
import io.leafd.store.log.DamagedRange;
import io.leafd.store.log.StreamLog;
import io.leafd.store.log.StreamState;
import io.leafd.store.loop.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes after an opening that found damage: puts back what can be put back, has streams derive their numbers anew where those
 * may be wrong, and says exactly what was lost. Owned by the store loop; lives as long as the opening.
 *
 * <pre>
 *   open ─▶ before: definitions, salvage ─▶ load ─▶ after: rebuild what is concerned, compare with the tip ─▶ report
 * </pre>
 */
final class Recovery {
    private static final Logger log = LoggerFactory.getLogger(Recovery.class);
    /** No message takes less in the log: two keys, two headers, numbers. */
    private static final int LOG_RECORD_BYTES_MIN = 80;

    /** A delete is a record like others. */
    static final String DELETES_LOST =
            "deletes may be among the missing records: messages that were deleted last may be back";

    private static final Set<Family> COUNTED = Set.of(Family.MESSAGES, Family.SUBJECTS, Family.INDEX, Family.DELETED);

    private final Engine engine;
    private final Path directory;
    private final LostFiles lost;
    private final TipFile.@Nullable Tip tip;
    private final Wreckage wreckage;
    /** Records that were synced once and are not there any more. */
    private final long lostRecords;

    private final Map<Long, List<DamagedRange>> missing = new HashMap<>();
    /** Last sequences that streams may have given away, where that is more than they know of. */
    private final Map<Long, Long> givenAway = new HashMap<>();

    private final List<String> findings = new ArrayList<>();

    Recovery(Engine engine, Path directory, TipFile.@Nullable Tip tip) {
        this.engine = engine;
        this.directory = directory;
        this.lost = new LostFiles(directory);
        this.tip = tip;
        this.wreckage = engine.wreckage();
        this.lostRecords = tip == null ? 0 : Math.max(0, tip.sequence() - engine.latestSequence());
    }

    /** Whether records may be missing or be old, in any family. */
    boolean needed() {
        return wreckage.any() || lostRecords > 0;
    }

    /** Puts records back, before any is read. */
    void before() {
        findings.addAll(wreckage.notes());
        if (lostRecords > 0) {
            findings.add("the newest " + lostRecords + " records that had been written are missing: a file was cut off,"
                    + " deleted, or replaced by an older copy");
        }
        if (lostRecords > 0 || wreckage.logDamaged() || wreckage.relisted()) {
            findings.add(DELETES_LOST);
        }
        try {
            List<DefinitionsFile.Definition> definitions = DefinitionsFile.read(directory);
            if (definitions != null && mayMiss(Family.METADATA, Family.CONSUMERS)) {
                DefinitionsFile.restore(definitions, engine);
            }
            long restored = new Salvage(engine, lost, definitions != null).run();
            if (restored > 0) {
                findings.add(restored + " records of damaged tables were put back");
            }
        } catch (IOException e) {
            throw new StoreException.Unavailable("putting records back in " + directory + " failed: " + e, e);
        }
    }

    /** A record of a stream is damaged: puts the copies back, if there are any. */
    boolean restoreDefinitions() {
        List<DefinitionsFile.Definition> definitions = DefinitionsFile.read(directory);
        if (definitions == null) {
            return false;
        }
        DefinitionsFile.restore(definitions, engine);
        findings.add("damaged records of streams were replaced by their copies");
        return true;
    }

    /** Whether new ids must keep away from what may have been given. */
    boolean idsUncertain() {
        return needed() && mayMiss(Family.METADATA);
    }

    private boolean mayMiss(Family... families) {
        return lostRecords > 0 || List.of(families).stream().anyMatch(wreckage::concerns);
    }

    /** Takes in a damaged range that was met while streams are loaded and rebuilt. */
    void met(long streamId, DamagedRange range) {
        missing.computeIfAbsent(streamId, id -> new ArrayList<>()).add(range);
    }

    /**
     * Makes streams right that may be wrong.
     *
     * @return the ranges that are lost or damaged, of each stream
     */
    Map<StreamLog, List<DamagedRange>> after(List<StreamLog> streams) {
        var losses = new HashMap<StreamLog, List<DamagedRange>>();
        for (StreamLog stream : streams) {
            StreamState known = tip == null ? null : tip.streams().get(stream.id());
            if (concerns(stream, known)) {
                stream.rebuild(known == null ? StreamState.EMPTY : known);
            }
            if (known != null && known.lastSeq() > stream.lastSeq()) {
                givenAway.put(stream.id(), known.lastSeq());
                stream.lost(stream.lastSeq() + 1, known.lastSeq(), DamagedRange.LOST_END);
            } else if (known == null && wreckage.logDamaged()) {
                givenAway.put(stream.id(), stream.lastSeq() + wreckage.logBytes() / LOG_RECORD_BYTES_MIN + 1);
            }
            List<DamagedRange> ranges = missing.getOrDefault(stream.id(), List.of());
            if (wereDeleted(stream, known)) {
                ranges.forEach(range -> stream.settleLost(range.firstSeq(), range.lastSeq()));
            } else if (!ranges.isEmpty()) {
                losses.put(stream, ranges);
                findings.add(stream + ": " + sentence(ranges));
                if (wreckage.deletesLost()) { // some may have been deleted, and must not come back
                    ranges.forEach(range -> stream.giveUpLost(range.firstSeq(), range.lastSeq()));
                }
            }
        }
        report();
        return losses;
    }

    private boolean concerns(StreamLog stream, @Nullable StreamState known) {
        if (wreckage.relisted() || wreckage.logDamaged() || lostRecords > 0) {
            return true;
        }
        for (LostTable table : wreckage.tables()) {
            if (table.family() == Family.METADATA && !stream.state().equals(known)) {
                return true;
            }
            if ((table.family() == null || COUNTED.contains(table.family())) && table.concerns(stream.id())) {
                return true;
            }
        }
        return false;
    }

    /** Without the records of deletes, deleted messages look lost; but if the count is what it was, nothing else is missing. */
    private static boolean wereDeleted(StreamLog stream, @Nullable StreamState known) {
        return known != null && known.messages() == stream.messages() && known.lastSeq() == stream.lastSeq();
    }

    private static String sentence(List<DamagedRange> ranges) {
        long count =
                ranges.stream().mapToLong(r -> r.lastSeq() - r.firstSeq() + 1).sum();
        return count + " messages lost or damaged, sequences "
                + ranges.stream()
                        .map(r -> r.firstSeq() == r.lastSeq() ? "" + r.firstSeq() : r.firstSeq() + " to " + r.lastSeq())
                        .collect(Collectors.joining(", "));
    }

    private void report() {
        for (String finding : findings) {
            log.error("store recovery directory={} finding=\"{}\"", directory, finding);
            try {
                lost.report(Clock.systemUTC().instant(), finding);
            } catch (IOException e) {
                log.warn("store report cannot be written directory={} error={}", lost.directory(), e.toString());
            }
        }
    }

    /** How many of the newest sequences of a stream were given away and are not known any more; see {@link Store#lostTailMax}. */
    long lostTailMax(StreamLog stream) {
        return Math.max(0, givenAway.getOrDefault(stream.id(), 0L) - stream.lastSeq());
    }
}
