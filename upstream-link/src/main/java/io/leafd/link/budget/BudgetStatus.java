package io.leafd.link.budget;

/**
 * A budget as the box owner sees it. Immutable, any thread.
 *
 * @param spentBytes of the running period, at most so many; after a kill what had been set aside counts as spent
 * @param limitBytes of a period
 * @param period one word: hour, day, week, month
 * @param nextInMs until the next period begins
 * @param ordinaryUsedUp whether all data but urgent waits for the next period
 * @param urgentUsedUp whether all data does
 */
public record BudgetStatus(
        long spentBytes, long limitBytes, String period, long nextInMs, boolean ordinaryUsedUp, boolean urgentUsedUp) {}
