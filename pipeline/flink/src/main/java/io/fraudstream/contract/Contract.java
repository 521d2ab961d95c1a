package io.fraudstream.contract;

/**
 * What a pipeline reads and writes, in the user's own form; a part that is null is in the form of
 * fraudstream. For one thread.
 */
public record Contract(TransactionForm transactions, VerdictForm verdicts, RejectForm rejects) {}
