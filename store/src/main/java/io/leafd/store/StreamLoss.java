package io.leafd.store;

import io.leafd.store.log.DamagedRange;
import java.util.List;

/**
 * Messages of one stream that were met as lost or damaged since this process opened the store. Immutable.
 *
 * @param account of the stream
 * @param stream its name
 * @param messages how many sequences
 * @param ranges which ones, in rising order, joined where they touch; fewer than {@code messages} says if there were too many to list
 */
public record StreamLoss(String account, String stream, long messages, List<DamagedRange> ranges) {
    /** Copies the list. */
    public StreamLoss {
        ranges = List.copyOf(ranges);
    }
}
