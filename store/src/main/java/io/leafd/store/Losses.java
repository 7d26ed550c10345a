package io.leafd.store;

import io.leafd.store.files.LostFiles;
import io.leafd.store.log.DamagedRange;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was met as lost or damaged since the process began, by stream. Written by the store loop; any thread reads the list.
 *
 * <p>The same damage is met again after the store was opened anew; ranges that overlap or touch are therefore one. At most
 * {@link #RANGES_MAX} ranges are remembered, of all streams together; beyond that messages are only counted, each time they are met.
 */
final class Losses {
    static final int RANGES_MAX = 1000;

    private static final Logger log = LoggerFactory.getLogger(Losses.class);

    private record Owner(String account, String stream) {}

    /** What one stream lost: ranges by their first sequence, and messages that are in none of them. */
    private static final class Lost {
        private final TreeMap<Long, DamagedRange> ranges = new TreeMap<>();
        private long unlisted;

        /** Takes the range in, joined with its neighbours; answers how many ranges there are more, negative for fewer. */
        int join(DamagedRange range) {
            int before = ranges.size();
            long first = range.firstSeq();
            long last = range.lastSeq();
            String reason = range.reason();
            Map.Entry<Long, DamagedRange> near = ranges.floorEntry(last + 1);
            while (near != null && near.getValue().lastSeq() + 1 >= range.firstSeq()) {
                ranges.remove(near.getKey());
                first = Math.min(first, near.getKey());
                last = Math.max(last, near.getValue().lastSeq());
                reason = near.getValue().reason();
                near = ranges.floorEntry(last + 1);
            }
            ranges.put(first, new DamagedRange(first, last, reason));
            return ranges.size() - before;
        }

        StreamLoss of(Owner owner) {
            long listed = ranges.values().stream()
                    .mapToLong(range -> range.lastSeq() - range.firstSeq() + 1)
                    .sum();
            return new StreamLoss(owner.account, owner.stream, listed + unlisted, List.copyOf(ranges.values()));
        }
    }

    private final Map<Owner, Lost> byStream = new LinkedHashMap<>();
    private int rangeCount;
    private volatile List<StreamLoss> newest = List.of();
    private volatile int reportLines;

    /** On the store loop. */
    void add(String account, String stream, DamagedRange range) {
        Lost lost = byStream.computeIfAbsent(new Owner(account, stream), owner -> new Lost());
        if (rangeCount < RANGES_MAX) {
            rangeCount += lost.join(range);
        } else {
            lost.unlisted += range.lastSeq() - range.firstSeq() + 1;
        }
        newest = byStream.entrySet().stream()
                .map(each -> each.getValue().of(each.getKey()))
                .toList();
    }

    /** Any thread. One entry for each stream that lost something. */
    List<StreamLoss> list() {
        return newest;
    }

    /** On the store loop. Counts the lines of the report, which may have more after each opening. */
    void look(LostFiles files) {
        try {
            reportLines = files.report().size();
        } catch (IOException e) {
            log.warn("store report cannot be read directory={} error={}", files.directory(), e.toString());
        }
    }

    /** Any thread. Lines of the report. */
    int reportLines() {
        return reportLines;
    }
}
