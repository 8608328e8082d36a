package io.tally.engine;

import io.tally.engine.partial.Combiner;
import io.tally.engine.row.Aggregates;
import io.tally.engine.session.SessionRule;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;

/** Makes the engine or combiner that a {@link WindowSpec} asks for, one for each partition. */
public final class Engines {
    private Engines() {}

    /**
     * An engine that takes events.
     *
     * @param maxEntries limit of open entries, at least 1
     */
    public static WindowEngine forEvents(WindowSpec spec, Aggregates aggregates, long maxEntries) {
        Windowing windowing = spec.windowing();
        if (windowing == null) {
            return new SessionEngine(spec, rule(spec.kind()), aggregates, maxEntries);
        }
        if (spec.hasRevisions()) {
            return new RevisionEngine(spec, windowing, aggregates, maxEntries);
        }
        return new SliceEngine(windowing, spec.grace().toMillis(), aggregates, maxEntries);
    }

    /**
     * An engine that takes the partials of {@link #combiner}.
     *
     * @param maxEntries limit of open entries, at least 1
     */
    public static WindowEngine forPartials(WindowSpec spec, Aggregates aggregates, long maxEntries) {
        return spec.hasPartialsByWatermark()
                ? new SessionEngine(spec, partialRule(spec.kind()), aggregates, maxEntries)
                : forEvents(spec, aggregates, maxEntries);
    }

    /** Makes partials of events, for an engine of {@link #forPartials}. */
    public static Combiner combiner(WindowSpec spec, Aggregates aggregates) {
        Windowing windowing = spec.windowing();
        return windowing == null
                ? new SessionCombiner(partialRule(spec.kind()), aggregates)
                : new SliceCombiner(windowing, aggregates);
    }

    private static SessionRule rule(WindowKind kind) {
        if (kind instanceof WindowKind.Sessions sessions) {
            return SessionRule.sessions(sessions.gap());
        }
        if (kind instanceof WindowKind.Totals totals && totals.ttl() != null) {
            return SessionRule.totals(totals.ttl());
        }
        throw new IllegalStateException("windows of the kind " + kind + " have borders of their own");
    }

    private static SessionRule partialRule(WindowKind kind) {
        return kind instanceof WindowKind.Totals totals && totals.ttl() != null
                ? SessionRule.totalsInTurn(totals.ttl())
                : rule(kind);
    }
}
