package io.tally.page;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The latest events. The newest one of a kind grows while the same goes on: a rebalance of 200 partitions is one event,
 * and so is a broker that is away for an hour. Thread-safe.
 */
final class EventLog {
    static final int SIZE = 50;
    /** Events that are no further apart may be one. */
    static final long TOGETHER_MILLIS = 30_000;

    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final int LONGEST_TEXT = 600;
    private static final int MOST_NUMBERS = 20;

    /** Kinds of events; the names are JSON. */
    enum Kind {
        PROBLEM,
        WELL,
        PAUSED,
        RESTORED,
        REFUSED,
        RELEASED,
        FAILED,
        FENCED,
        /** Somebody compares what comes out with an independent count; the demo does. */
        CHECKED
    }

    /**
     * An event as the page shows it.
     *
     * @param first time of the first of them, milliseconds since the epoch
     * @param last time of the last
     * @param times how many there were
     * @param where partitions or lanes that it is about, empty if it is about the pipeline
     * @param moreWhere how many more there are
     * @param text what there is to say beside the kind, of the last of them
     */
    record Event(
            long first,
            long last,
            int times,
            Kind kind,
            String pipeline,
            List<Integer> where,
            int moreWhere,
            @Nullable String text) {}

    private static final class Entry {
        final long first;
        final Kind kind;
        final String pipeline;
        final TreeSet<Integer> where = new TreeSet<>();
        long last;
        int times;

        @Nullable
        String text;

        Entry(long first, Kind kind, String pipeline) {
            this.first = first;
            this.kind = kind;
            this.pipeline = pipeline;
        }

        Event event() {
            List<Integer> shown = where.stream().limit(MOST_NUMBERS).toList();
            return new Event(first, last, times, kind, pipeline, shown, where.size() - shown.size(), text);
        }
    }

    private final Deque<Entry> entries = new ArrayDeque<>();
    private boolean changed;

    /** @param where partition or lane, null if it is about the pipeline */
    synchronized void add(
            long now, Kind kind, String pipeline, @Nullable Integer where, @Nullable String text, boolean sameText) {
        String shown = shortened(text);
        Entry entry = running(now, kind, pipeline, sameText ? shown : null);
        if (entry == null) {
            entry = new Entry(now, kind, pipeline);
            if (entries.size() == SIZE) {
                entries.removeLast();
            }
        } else {
            entries.remove(entry);
        }
        entries.addFirst(entry);
        entry.last = now;
        entry.times++;
        entry.text = shown;
        if (where != null) {
            entry.where.add(where);
        }
        changed = true;
    }

    /** The event that goes on, if the newest of this kind and pipeline is that. */
    private @Nullable Entry running(long now, Kind kind, String pipeline, @Nullable String text) {
        for (Iterator<Entry> i = entries.iterator(); i.hasNext(); ) {
            Entry entry = i.next();
            if (now - entry.last > TOGETHER_MILLIS) {
                return null;
            }
            if (entry.kind == kind && entry.pipeline.equals(pipeline)) {
                return text == null || isAlike(text, entry.text) ? entry : null;
            }
        }
        return null;
    }

    /** Texts that differ in numbers only say the same: how long it took, say. */
    private static boolean isAlike(String text, @Nullable String other) {
        return other != null
                && NUMBER.matcher(text)
                        .replaceAll("0")
                        .equals(NUMBER.matcher(other).replaceAll("0"));
    }

    private static @Nullable String shortened(@Nullable String text) {
        return text == null || text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
    }

    /** All events by when they happened last, newest first. */
    synchronized List<Event> all() {
        List<Event> events = new ArrayList<>(entries.size());
        entries.forEach(entry -> events.add(entry.event()));
        return events;
    }

    /** The same if there was anything new since the last call, else null. */
    synchronized @Nullable List<Event> changes() {
        if (!changed) {
            return null;
        }
        changed = false;
        return all();
    }
}
