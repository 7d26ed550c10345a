package io.leafd.store.log;

/**
 * The parts of one log, for the classes that work on several of them. Owned by the store loop.
 *
 * @param numbers counts and bounds; the authority on first and last
 * @param deleted the authority on what is live between them
 * @param messages the messages
 * @param subjects an entry per subject
 * @param index a record per subject and message
 * @param oldest read-ahead at the front
 * @param lost what was lost and may come back
 */
record LogParts(
        LogResources shared,
        long streamId,
        LogNumbers numbers,
        DeletedSeqs deleted,
        MessageTable messages,
        SubjectTable subjects,
        SubjectIndex index,
        OldestMessages oldest,
        LostSeqs lost) {

    static LogParts of(LogResources shared, long streamId) {
        var numbers = new LogNumbers(streamId, shared.written());
        var deleted = new DeletedSeqs(shared, streamId, numbers);
        var messages = new MessageTable(shared, streamId, numbers);
        return new LogParts(
                shared,
                streamId,
                numbers,
                deleted,
                messages,
                new SubjectTable(shared, streamId, numbers),
                new SubjectIndex(shared, streamId, numbers),
                new OldestMessages(shared, messages, deleted, numbers),
                new LostSeqs(shared, streamId));
    }

    /** A walk over live messages; bounds are cut to first and last. */
    MessageScan scan(long fromSeq, long toSeq, LogFilter filter) {
        return new MessageScan(
                shared,
                messages,
                deleted,
                Math.max(fromSeq, numbers.firstSeq),
                Math.min(toSeq, numbers.lastSeq),
                filter);
    }

    /** Lower bound of a subject's live sequences. */
    long lowest(SubjectEntry entry) {
        return Math.max(entry.firstSeq, numbers.firstSeq);
    }

    /** The oldest message of a subject that has one, by entry if it knows, else by index. */
    SubjectIndex.Found oldestOf(SubjectEntry entry) {
        if (entry.firstSizeBytes > 0) {
            return new SubjectIndex.Found(entry.id, entry.firstSeq, entry.firstSizeBytes);
        }
        return index.next(entry.id, lowest(entry), entry.lastSeq);
    }

    boolean isLive(long seq) {
        return seq >= numbers.firstSeq && seq <= numbers.lastSeq && !deleted.contains(seq);
    }
}
