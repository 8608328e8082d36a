package io.tally.window;

import org.openjdk.jmh.infra.Blackhole;

/** Where rows go that nobody wants, but that must be made. */
final class Discarded implements WindowOutput {
    private final Blackhole blackhole;

    Discarded(Blackhole blackhole) {
        this.blackhole = blackhole;
    }

    @Override
    public void result(WindowResult result) {
        blackhole.consume(result);
    }

    @Override
    public void forget(StateEntry entry) {
        blackhole.consume(entry);
    }
}
