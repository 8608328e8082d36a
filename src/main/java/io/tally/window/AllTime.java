package io.tally.window;

/** One window for all times, which never closes; its rows are running totals. It starts at the epoch. */
record AllTime() implements Windowing {
    @Override
    public long sliceStart(long time) {
        return 0;
    }

    @Override
    public long lastWindowEnd(long sliceStart) {
        return NEVER;
    }
}
