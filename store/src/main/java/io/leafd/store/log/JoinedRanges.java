package io.leafd.store.log;

/** Joins neighbouring deleted sequences to ranges, within bounds, and shows each whole range once. Owned by the store loop. */
final class JoinedRanges implements DeletedSeqs.BlockVisitor {
    private final long fromSeq;
    private final long toSeq;
    private final RangeVisitor visitor;
    private long start = -1;
    private long end;
    private boolean wanted = true;

    JoinedRanges(long fromSeq, long toSeq, RangeVisitor visitor) {
        this.fromSeq = fromSeq;
        this.toSeq = toSeq;
        this.visitor = visitor;
    }

    @Override
    public boolean run(long firstSeq, long lastSeq) {
        add(firstSeq, lastSeq);
        return wanted;
    }

    @Override
    public boolean bitmap(DeletedBlock block) {
        long behind = DeletedBlock.start(block.block + 1);
        long at = DeletedBlock.start(block.block);
        while (at < behind) {
            long live = block.nextLive(at);
            if (live > at) {
                add(at, live - 1);
            }
            at = live;
            while (at < behind && !block.contains(at)) {
                at++;
            }
        }
        return wanted;
    }

    /** Shows what is left. */
    void finish() {
        if (start >= 0 && wanted) {
            wanted = visitor.range(start, end);
        }
        start = -1;
    }

    private void add(long firstSeq, long lastSeq) {
        long first = Math.max(firstSeq, fromSeq);
        long last = Math.min(lastSeq, toSeq);
        if (first > last) {
            return;
        }
        if (start >= 0 && first == end + 1) {
            end = last;
            return;
        }
        finish();
        start = first;
        end = last;
    }
}
