package io.tally.engine;

import io.tally.aggregate.Event;
import io.tally.aggregate.StateOutput;
import io.tally.aggregate.exact.BuiltIn;
import io.tally.engine.row.Aggregates;
import io.tally.engine.row.StateEntry;
import io.tally.window.Emission;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An engine fed by hand: count, sum, first and last text per key; gives what it sends as lines. */
public final class HandFedEngine implements WindowOutput {
    final WindowEngine engine;
    private final List<String> sent = new ArrayList<>();
    private long offset;
    private @Nullable EngineRestore restore;

    HandFedEngine(WindowSpec spec) {
        engine = Engines.forEvents(spec, aggregates(), Long.MAX_VALUE);
    }

    public static Aggregates aggregates() {
        return new Aggregates(List.of(BuiltIn.count(), BuiltIn.sum(0), BuiltIn.first(1), BuiltIn.last(1)));
    }

    static WindowSpec spec(WindowKind kind, long grace, long lateness, Emission emission) {
        return new WindowSpec(kind, Duration.ofMillis(grace), Duration.ofMillis(lateness), emission);
    }

    static WindowSpec spec(Windowing windowing, long grace, long lateness, Emission emission) {
        return spec(new WindowKind.Aligned(windowing), grace, lateness, emission);
    }

    public static Event event(long time, String key, long number, String text) {
        Event event = new Event(2);
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        event.time(time);
        event.key(bytes, 0, bytes.length);
        event.field(0).number(number, 0);
        byte[] label = text.getBytes(StandardCharsets.UTF_8);
        event.field(1).text(label, 0, label.length);
        return event;
    }

    /** What a record of this time and key causes: rows, "late", or nothing. */
    List<String> feed(long time, String key) {
        Event event = event(time, key, 1, "t" + time);
        engine.advance(time, this);
        if (!engine.fold(event, offset++, this)) {
            sent.add("late");
        }
        return take();
    }

    /** What a batch sends at its end, with all updates and a checkpoint of everything. */
    List<String> checkpoint() {
        engine.earlyRows().send(offset, Integer.MAX_VALUE, this);
        engine.checkpoint(Long.MAX_VALUE - 1, offset, Integer.MAX_VALUE, this, (entry, appliedUpTo) -> {});
        return take();
    }

    /** The entries that a checkpoint writes, as start and key. */
    List<String> entries(long dirtyBefore, int limit) {
        List<String> written = new ArrayList<>();
        engine.checkpoint(dirtyBefore, offset, limit, this, (entry, appliedUpTo) -> {
            StateOutput key = new StateOutput();
            entry.writeKey(key);
            written.add(entry.sliceStart() + " " + new String(key.toByteArray(), StandardCharsets.UTF_8));
        });
        return written;
    }

    /** Begins a restore into the engine. */
    void beginRestore(long offset, long watermark) {
        restore = engine.restore(offset, watermark);
    }

    EngineRestore restore() {
        return Objects.requireNonNull(restore);
    }

    List<String> closeAll() {
        engine.closeAll(this);
        return take();
    }

    List<String> take() {
        List<String> taken = List.copyOf(sent);
        sent.clear();
        return taken;
    }

    @Override
    public void result(WindowResult result) {
        String revision = result.revision() == 0 ? "" : " r" + result.revision() + (result.isFinal() ? " final" : "");
        sent.add("[" + result.start() + "," + result.end() + ") " + new String(result.key(), StandardCharsets.UTF_8)
                + " " + EngineView.text(result.values()).split("\\|", 2)[0] + revision
                + (result.replaces().isEmpty() ? "" : " for " + EngineView.windows(result.replaces())));
    }

    @Override
    public void forget(StateEntry entry) {
        sent.add("forget " + entry.sliceStart());
    }
}
