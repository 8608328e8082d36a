package io.tally.bench.part;

/**
 * One start of the application.
 *
 * @param form how it was packaged
 * @param secondsToStarted from the start of the process until Spring Boot says that the application has started
 * @param secondsToFirstCommit from the start of the process until the first poll is committed
 * @param cpu seconds of its CPU time until both have happened
 */
record Start(String form, double secondsToStarted, double secondsToFirstCommit, double cpu) {}
