package io.tally.campaign.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sessions of one partition. */
final class Sessions {
    private final long gap;
    private final Map<String, List<Session>> open = new HashMap<>();

    private static final class Session {
        private final Cell cell = new Cell();
        private long first;
        private long last;

        private Session(long time) {
            first = time;
            last = time;
        }
    }

    Sessions(long gap) {
        this.gap = gap;
    }

    /**
     * Closes what the watermark has reached, then counts the record.
     *
     * @return whether it is in a session
     */
    boolean add(Line line, long watermark, Map<Row.Id, Cell> closed) {
        close(watermark, closed);
        List<Session> ofKey = open.computeIfAbsent(line.key(), key -> new ArrayList<>());
        List<Session> joined = ofKey.stream()
                .filter(session -> line.time() > session.first - gap && line.time() < session.last + gap)
                .toList();
        if (joined.isEmpty() && line.time() + gap <= watermark) {
            return false;
        }
        Session session = new Session(line.time());
        for (Session part : joined) {
            session.first = Math.min(session.first, part.first);
            session.last = Math.max(session.last, part.last);
            session.cell.addAll(part.cell);
        }
        session.cell.add(line.value());
        ofKey.removeAll(joined);
        ofKey.add(session);
        return true;
    }

    private void close(long watermark, Map<Row.Id, Cell> closed) {
        Map<Row.Id, Cell> ended = new HashMap<>();
        open.forEach((key, sessions) -> sessions.removeIf(session -> {
            boolean ends = session.last + gap <= watermark;
            if (ends) {
                session.cell.close();
                ended.put(id(key, session), session.cell);
            }
            return ends;
        }));
        open.values().removeIf(List::isEmpty);
        ended.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(
                        Comparator.comparingLong(Row.Id::end).thenComparing(Row.Id::key)))
                .forEach(row -> closed.put(row.getKey(), row.getValue()));
    }

    private Row.Id id(String key, Session session) {
        return new Row.Id(session.first, session.last + gap, key);
    }

    Map<Row.Id, Cell> open() {
        Map<Row.Id, Cell> windows = new HashMap<>();
        open.forEach((key, sessions) -> sessions.forEach(session -> windows.put(id(key, session), session.cell)));
        return windows;
    }
}
