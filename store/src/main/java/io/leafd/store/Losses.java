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
 * What is lost or damaged, by stream: met since the process began, or earlier and waited for. Written by the store loop; any thread
 * reads the list.
 *
 * <p>The same damage is met again after the store was opened anew; ranges of one kind (gone, or there and unreadable) that overlap or
 * touch are therefore one. At most {@link #RANGES_MAX} ranges are remembered, of all streams together; beyond that messages are only
 * counted, each time they are met. What was put back is struck off.
 */
final class Losses {
    static final int RANGES_MAX = 1000;

    private static final Logger log = LoggerFactory.getLogger(Losses.class);

    private record Owner(String account, String stream) {}

    /** What one stream lost: ranges by their first sequence, and messages that are in none of them. */
    private static final class Lost {
        private final TreeMap<Long, DamagedRange> ranges = new TreeMap<>();
        private long unlisted;

        /** Takes the range in, joined with its neighbours. */
        void join(DamagedRange range) {
            long first = range.firstSeq();
            long last = range.lastSeq();
            String reason = range.reason();
            Map.Entry<Long, DamagedRange> near = ranges.floorEntry(last + 1);
            while (near != null && near.getValue().lastSeq() + 1 >= range.firstSeq()) {
                if (near.getValue().gone() == range.gone()) {
                    ranges.remove(near.getKey());
                    first = Math.min(first, near.getKey());
                    last = Math.max(last, near.getValue().lastSeq());
                    reason = near.getValue().reason();
                }
                near = ranges.lowerEntry(near.getKey());
            }
            ranges.put(first, new DamagedRange(first, last, reason));
        }

        boolean covers(DamagedRange range) {
            Map.Entry<Long, DamagedRange> near = ranges.floorEntry(range.firstSeq());
            return near != null && near.getValue().lastSeq() >= range.lastSeq();
        }

        /** Takes the sequences out of all ranges; what is on either side stays. */
        void strike(long firstSeq, long lastSeq) {
            Map.Entry<Long, DamagedRange> near = ranges.floorEntry(lastSeq);
            while (near != null && near.getValue().lastSeq() >= firstSeq) {
                DamagedRange range = near.getValue();
                ranges.remove(near.getKey());
                if (range.lastSeq() > lastSeq) {
                    ranges.put(lastSeq + 1, new DamagedRange(lastSeq + 1, range.lastSeq(), range.reason()));
                }
                if (range.firstSeq() < firstSeq) {
                    ranges.put(range.firstSeq(), new DamagedRange(range.firstSeq(), firstSeq - 1, range.reason()));
                }
                near = ranges.lowerEntry(near.getKey());
            }
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
        if (lost.covers(range)) {
            return;
        }
        if (rangeCount < RANGES_MAX) {
            lost.join(range);
        } else {
            lost.unlisted += range.lastSeq() - range.firstSeq() + 1;
        }
        changed();
    }

    /** On the store loop. These sequences are lost no more, those among them that were. */
    void strike(String account, String stream, long firstSeq, long lastSeq) {
        Lost lost = byStream.get(new Owner(account, stream));
        if (lost != null) {
            lost.strike(firstSeq, lastSeq);
            changed();
        }
    }

    /** On the store loop. Tables that could not be read were taken out: what is still unreadable will be met again. */
    void forgetUnreadable() {
        byStream.values().forEach(lost -> lost.ranges.values().removeIf(range -> !range.gone()));
        changed();
    }

    private void changed() {
        byStream.values().removeIf(lost -> lost.ranges.isEmpty() && lost.unlisted == 0);
        rangeCount =
                byStream.values().stream().mapToInt(lost -> lost.ranges.size()).sum();
        newest = byStream.entrySet().stream()
                .map(each -> each.getValue().of(each.getKey()))
                .toList();
    }

    /** Any thread. One entry for each stream that lost something. */
    List<StreamLoss> list() {
        return newest;
    }

    /** On the store loop. What of a stream is there and cannot be read. */
    List<DamagedRange> unreadable(String account, String stream) {
        Lost lost = byStream.get(new Owner(account, stream));
        return lost == null
                ? List.of()
                : lost.ranges.values().stream().filter(range -> !range.gone()).toList();
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
