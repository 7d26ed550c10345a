package io.leafd.protocol;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives the subjects of one filter the names of another one with the same wildcards. Immutable, any thread.
 *
 * <pre>
 *   from  ev.*.temp.>      to  plant.*.t.>      ev.press.temp.a.b  ──▶  plant.press.t.a.b
 * </pre>
 */
public final class SubjectMapping {
    private final String from;
    private final String to;
    private final byte[] fromBytes;
    /** What stands between the wildcards of the other name: one more than there are wildcards. */
    private final byte[][] pieces;

    private final int piecesBytes;

    private SubjectMapping(String from, String to) {
        this.from = from;
        this.to = to;
        this.fromBytes = Subject.of(from).bytes();
        this.pieces = pieces(Subject.of(to).bytes());
        this.piecesBytes = Arrays.stream(pieces).mapToInt(piece -> piece.length).sum();
    }

    /**
     * The mapping between two filters.
     *
     * @throws IllegalArgumentException if one is no filter, or they have not the same wildcards in the same order
     */
    public static SubjectMapping of(String from, String to) {
        if (!Subjects.isValidFilter(from)
                || !Subjects.isValidFilter(to)
                || !wildcards(from).equals(wildcards(to))) {
            throw new IllegalArgumentException(
                    "\"" + to + "\" has not the same wildcards, in the same order, as \"" + from + "\"");
        }
        return new SubjectMapping(from, to);
    }

    /** The way back. */
    public SubjectMapping reversed() {
        return new SubjectMapping(to, from);
    }

    /** Whether every subject keeps its name. */
    public boolean changesNothing() {
        return from.equals(to);
    }

    public String from() {
        return from;
    }

    public String to() {
        return to;
    }

    /** The other name of a subject, or null if the filter does not match it. Wildcards in it are taken literally. */
    public @Nullable Subject map(byte[] buf, int offset, int length) {
        if (!Subjects.matches(fromBytes, buf, offset, length)) {
            return null;
        }
        byte[] out = new byte[piecesBytes + length];
        int size = append(out, 0, pieces[0], 0, pieces[0].length);
        int piece = 1;
        int end = offset + length;
        for (int f = 0, s = offset; piece < pieces.length; ) {
            int fEnd = Subjects.tokenEnd(fromBytes, f, fromBytes.length);
            boolean one = fEnd - f == 1;
            boolean rest = one && fromBytes[f] == '>' && fEnd == fromBytes.length;
            int sEnd = rest ? end : Subjects.tokenEnd(buf, s, end);
            if (rest || (one && fromBytes[f] == '*')) {
                size = append(out, size, buf, s, sEnd - s);
                size = append(out, size, pieces[piece], 0, pieces[piece].length);
                piece++;
            }
            f = fEnd + 1;
            s = sEnd + 1;
        }
        return Subject.copyOf(out, 0, size);
    }

    /**
     * The filter of the other names of all subjects that this mapping and {@code filter} match, or null if there are none: what somebody
     * who is told of the other names only has to ask for.
     */
    public @Nullable String narrow(String filter) {
        String[] mine = from.split("\\.", -1);
        String[] theirs = filter.split("\\.", -1);
        int fixed = theirs.length - (endsOpen(theirs) ? 1 : 0); // their tokens before a > at the end
        List<String> left = new ArrayList<>(); // what each wildcard of mine still stands for
        for (int i = 0; i < mine.length; i++) {
            if (i == theirs.length && fixed == theirs.length) {
                return null;
            }
            if (i == mine.length - 1 && endsOpen(mine)) {
                left.add(i < fixed ? String.join(".", Arrays.copyOfRange(theirs, i, theirs.length)) : ">");
                return filled(left);
            }
            String their = i < fixed ? theirs[i] : "*";
            if (mine[i].equals("*")) {
                left.add(their);
            } else if (!their.equals("*") && !their.equals(mine[i])) {
                return null;
            }
        }
        return theirs.length > mine.length ? null : filled(left);
    }

    private static boolean endsOpen(String[] tokens) {
        return tokens[tokens.length - 1].equals(">");
    }

    /** The other filter with its wildcards replaced. */
    private String filled(List<String> wildcards) {
        var text = new StringBuilder(new String(pieces[0], StandardCharsets.UTF_8));
        for (int i = 0; i < wildcards.size(); i++) {
            text.append(wildcards.get(i)).append(new String(pieces[i + 1], StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    private static List<String> wildcards(String filter) {
        return Arrays.stream(filter.split("\\.", -1))
                .filter(token -> token.equals("*") || token.equals(">"))
                .toList();
    }

    private static byte[][] pieces(byte[] filter) {
        List<byte[]> pieces = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < filter.length; at = Subjects.tokenEnd(filter, at, filter.length) + 1) {
            boolean one = Subjects.tokenEnd(filter, at, filter.length) - at == 1;
            if (one && (filter[at] == '*' || filter[at] == '>')) {
                pieces.add(Arrays.copyOfRange(filter, from, at));
                from = at + 1;
            }
        }
        pieces.add(Arrays.copyOfRange(filter, from, filter.length));
        return pieces.toArray(byte[][]::new);
    }

    private static int append(byte[] out, int size, byte[] from, int offset, int length) {
        System.arraycopy(from, offset, out, size, length);
        return size + length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SubjectMapping that && from.equals(that.from) && to.equals(that.to);
    }

    @Override
    public int hashCode() {
        return 31 * from.hashCode() + to.hashCode();
    }

    @Override
    public String toString() {
        return from + " as " + to;
    }
}
