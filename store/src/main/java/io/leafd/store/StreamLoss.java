package io.leafd.store;

import io.leafd.store.log.DamagedRange;
import java.util.List;

/**
 * Messages of one stream that are lost or damaged: met since this process opened the store, or earlier if they wait to be put back.
 * Immutable.
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
