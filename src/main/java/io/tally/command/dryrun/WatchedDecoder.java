package io.tally.command.dryrun;

import io.tally.aggregate.Event;
import io.tally.codec.Framing;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.codec.decode.RecordDecoder;
import org.jspecify.annotations.Nullable;

/** The pipeline's decoder with a watcher, who sees what it says. */
final class WatchedDecoder implements RecordDecoder {
    /** Sees the time and key of each event with its verdict. */
    interface Watcher {
        void decoded(Verdict verdict, Event event);
    }

    private final RecordDecoder real;
    private final Watcher watcher;

    WatchedDecoder(RecordDecoder real, Watcher watcher) {
        this.real = real;
        this.watcher = watcher;
    }

    @Override
    public Verdict decode(SourceRecord record, Event event) {
        Verdict verdict = real.decode(record, event);
        watcher.decoded(verdict, event);
        return verdict;
    }

    @Override
    public @Nullable Framing framing() {
        return real.framing();
    }

    @Override
    public void release() {
        real.release();
    }

    @Override
    public @Nullable Rejection rejection() {
        return real.rejection();
    }

    @Override
    public @Nullable Long latestTime() {
        return real.latestTime();
    }

    @Override
    public void resumeAfter(long latestTime) {
        real.resumeAfter(latestTime);
    }

    @Override
    public @Nullable String header() {
        return real.header();
    }

    @Override
    public void resumeUnder(@Nullable String header) {
        real.resumeUnder(header);
    }

    @Override
    public long maxAhead() {
        return real.maxAhead();
    }

    @Override
    public void believeUpTo(long latest) {
        real.believeUpTo(latest);
    }

    @Override
    public long lastByClock() {
        return real.lastByClock();
    }
}
