package io.tally.bench.part;

/**
 * One run of one contender over a source that is full already.
 *
 * @param contender its name
 * @param rate lines per second when it is warm, between the commits that {@link Progress} chooses
 * @param rateFromStart lines per second from the start of the process to the end of the source
 * @param cpu seconds of its CPU time per million lines, between the same commits
 * @param cpuOfBroker the same of the broker
 * @param secondsToFirstCommit from the start of the process
 * @param peakMebibytes of memory
 * @param sinkBytes what its rows take on the broker's disk
 * @param stateBytes what it has written besides: state, changelog, checkpoints, and whatever else is not the sink
 */
record Measurement(
        String contender,
        double rate,
        double rateFromStart,
        double cpu,
        double cpuOfBroker,
        double secondsToFirstCommit,
        long peakMebibytes,
        long sinkBytes,
        long stateBytes) {}
