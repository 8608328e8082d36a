package io.tally.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.engine.row.Accumulators;
import io.tally.engine.row.Aggregates;
import io.tally.heap.HeapAccount;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SessionTableTest {
    private static final long GAP = 10;

    private final HeapAccount account = HeapAccount.unlimited();
    private final SessionRule rule = SessionRule.sessions(Duration.ofMillis(GAP));

    @Test
    void findsWhatAListFinds() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            SessionTable table = new SessionTable(account);
            List<Session> all = new ArrayList<>();
            for (int step = 0; step < 300; step++) {
                String key = "k" + random.nextInt(1 + seed % 7);
                long time = random.nextInt(2_000);
                List<Session> joined = all.stream()
                        .filter(session -> session.hash == key.hashCode() && rule.joins(session, time, time + 3))
                        .sorted(Comparator.comparingLong(session -> session.first))
                        .toList();
                assertThat(find(table, key, time, time + 3)).isEqualTo(joined);
                if (joined.isEmpty()) {
                    Session session = session(key, time);
                    table.add(session);
                    all.add(session);
                } else if (random.nextBoolean()) {
                    Session gone = joined.get(random.nextInt(joined.size()));
                    table.remove(gone);
                    all.remove(gone);
                } else if (joined.size() == 1) {
                    // As an event that widens it.
                    joined.get(0).first = Math.min(joined.get(0).first, time);
                    joined.get(0).last = Math.max(joined.get(0).last, time + 3);
                }
                assertThat(table.size()).isEqualTo(all.size());
            }
            List<Session> visited = new ArrayList<>();
            table.forEach(visited::add);
            assertThat(visited).containsExactlyInAnyOrderElementsOf(all);
        }
    }

    /** With a walk over all of them for each this would take minutes. */
    @Test
    void keepsManySessionsOfOneKey() {
        SessionTable table = new SessionTable(account);
        List<Session> all = new ArrayList<>();
        for (int i = 0; i < 200_000; i++) {
            assertThat(find(table, "k", i * 2 * GAP, i * 2 * GAP)).isEmpty();
            all.add(session("k", i * 2 * GAP));
            table.add(all.get(i));
        }
        Random random = new Random(1);
        for (int late = 0; late < 200_000; late++) {
            int i = random.nextInt(all.size());
            assertThat(find(table, "k", i * 2 * GAP + 1, i * 2 * GAP + 1)).containsExactly(all.get(i));
            table.remove(all.get(i));
            table.add(all.get(i));
        }
        assertThat(account.used()).isPositive();
        all.forEach(table::remove);
        assertThat(table.size()).isZero();
        assertThat(account.used()).isZero();
    }

    private List<Session> find(SessionTable table, String key, long min, long max) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        List<Session> found = new ArrayList<>();
        table.find(rule, key.hashCode(), bytes, 0, bytes.length, min, max, found);
        return found;
    }

    private static Session session(String key, long time) {
        Accumulators none = new Aggregates(List.of()).newAccumulators();
        return new Session(key.getBytes(StandardCharsets.UTF_8), key.hashCode(), none, time, time);
    }
}
