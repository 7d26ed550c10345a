package io.leafd.store.engine;

import java.util.List;

/**
 * What was wrong with the files of a database when it was opened, and was put right. Immutable.
 *
 * @param logDamaged the write-ahead log was damaged in its middle: records of it are missing anywhere in the newest part
 * @param logBytes how long that log was
 * @param relisted the list of tables was lost and made anew: records that were deleted or replaced may be back
 * @param tables tables that were taken out
 * @param notes all of it in sentences for the owner of the box
 */
public record Wreckage(
        boolean logDamaged, long logBytes, boolean relisted, List<LostTable> tables, List<String> notes) {
    /** Nothing was wrong. */
    public static final Wreckage NONE = new Wreckage(false, 0, false, List.of(), List.of());

    /** Whether anything was wrong. */
    public boolean any() {
        return logDamaged || relisted || !tables.isEmpty();
    }

    /** Whether deletes that were durable may be missing: then a deleted message looks like one that is lost. */
    public boolean deletesLost() {
        return relisted || tookOut(Family.DELETED);
    }

    /** Whether records of this family may be missing, or old ones be back. */
    public boolean concerns(Family family) {
        return relisted || logDamaged || tookOut(family);
    }

    private boolean tookOut(Family family) {
        return tables.stream().anyMatch(table -> table.family() == null || table.family() == family);
    }
}
