package io.leafd.broker.interest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a trie takes, by a walk over all of it. */
final class SublistSize {
    private SublistSize() {}

    static long of(Sublist sublist, List<Subscription> all) {
        return all.stream().mapToLong(Subscription::ownBytes).sum() + below(sublist.root()) - Fork.ROOT.heapBytes();
    }

    private static long below(@Nullable Object place) {
        if (place instanceof Wishes wishes) {
            return wishes.heapBytes();
        }
        if (!(place instanceof Fork fork)) {
            return 0;
        }
        long[] bytes = {fork.heapBytes() + fork.children().heapBytes()};
        fork.children().forEach(child -> bytes[0] += below(child));
        return bytes[0] + below(fork.any()) + below(fork.rest()) + below(fork.here());
    }
}
