package org.proxymachine.script;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The word that somebody who misspelt one most likely meant. */
final class Suggestion {
    private Suggestion() {}

    /** Returns the nearest word if it is near: a third of its letters, and at least one, may be wrong. */
    static @Nullable String among(List<String> words, String misspelt) {
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (String word : words) {
            int distance = distance(word, misspelt.length() > 40 ? misspelt.substring(0, 40) : misspelt);
            if (distance < bestDistance && distance <= Math.max(1, word.length() / 3)) {
                best = word;
                bestDistance = distance;
            }
        }
        return best;
    }

    // Levenshtein's, a row at a time.
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
