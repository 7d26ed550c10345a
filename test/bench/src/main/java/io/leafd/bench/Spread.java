package io.leafd.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Several values of one quantity.
 *
 * @param median the middle one, or the mean of both middle ones
 */
record Spread(double median, double min, double max) {

    /** Of at least one value. */
    static Spread of(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(median, sorted.getFirst(), sorted.getLast());
    }

    /** Of the ratios of values that were measured in the same round, so that what slows both falls out. */
    static Spread ofRatios(List<Double> ours, List<Double> theirs) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < Math.min(ours.size(), theirs.size()); round++) {
            ratios.add(ours.get(round) / theirs.get(round));
        }
        return of(ratios);
    }
}
