package io.leafd.app.config.schema;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds the word that somebody probably meant. */
public final class Spelling {
    /** More edits than this and it is another word. */
    private static final int EDITS_MAX = 2;

    private Spelling() {}

    /** The nearest of the known words within two edits, or one for a short word (swapped neighbours count as one), or null. */
    public static @Nullable String nearest(String word, Collection<String> known) {
        String best = null;
        int bestEdits = Math.min(EDITS_MAX, word.length() / 2) + 1;
        for (String candidate : known) {
            int edits = edits(word, candidate);
            if (edits < bestEdits) {
                best = candidate;
                bestEdits = edits;
            }
        }
        return best;
    }

    /** {@code ; did you mean "…"?}, or nothing. */
    public static String hint(String word, Collection<String> known) {
        String nearest = nearest(word, known);
        return nearest == null ? "" : "; did you mean \"" + nearest + "\"?";
    }

    /** Optimal string alignment distance: insert, delete, replace, swap neighbours. */
    private static int edits(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], 1 + cost[i - 2][j - 2]);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
