package io.leafd.test.faults;

import java.util.ArrayList;
import java.util.List;

/**
 * The sequence of each message of one writer, by the message's number; 0 where there is none. Not for several threads.
 *
 * <p>Four bytes each, in blocks, so that a book of tens of millions of messages fits into the heap of the tests. Source of the bound: no
 * scenario stores 2<sup>31</sup> messages.
 */
final class Seqs {
    private static final int BLOCK = 1 << 16;

    private final List<int[]> blocks = new ArrayList<>();
    private long count;

    /** How many are not 0. */
    long count() {
        return count;
    }

    long get(int number) {
        int block = number / BLOCK;
        return block < blocks.size() ? blocks.get(block)[number % BLOCK] : 0;
    }

    void set(int number, long seq) {
        while (blocks.size() <= number / BLOCK) {
            blocks.add(new int[BLOCK]);
        }
        int[] block = blocks.get(number / BLOCK);
        count += (seq == 0 ? 0 : 1) - (block[number % BLOCK] == 0 ? 0 : 1);
        block[number % BLOCK] = Math.toIntExact(seq);
    }

    Seqs copy() {
        var copy = new Seqs();
        blocks.forEach(block -> copy.blocks.add(block.clone()));
        copy.count = count;
        return copy;
    }
}
