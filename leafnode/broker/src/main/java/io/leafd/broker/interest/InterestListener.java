package io.leafd.broker.interest;

/** Hears of every change of an account's interest. */
public interface InterestListener {
    /**
     * A subscription came or went. Called after the change is visible, on the thread that made it; must not block. Changes
     * made by different threads may be told in any order, so listeners count instead of looking at the last one.
     */
    void onInterest(Subscription subscription, boolean added);
}
