package io.tally.campaign.check;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * A row of the sink: {@code <start> <end> <key> <count> <sum> <min> <max>}; if it may come again, also the revision and
 * whether it is final.
 */
public record Row(Id id, Cell.Totals totals, int revision, boolean last) {
    private static final int WORDS = 7;
    private static final int WORDS_OF_UPDATES = 9;

    /** Which window of which key. */
    record Id(long start, long end, String key) {}

    /** Null if it is no row. */
    public static @Nullable Row of(Message message, Rules rules) {
        String text = Message.utf8(message.value());
        String[] words = text == null ? new String[0] : text.split(" ", -1);
        if (words.length != (rules.revised() ? WORDS_OF_UPDATES : WORDS)) {
            return null;
        }
        try {
            return new Row(
                    new Id(
                            Instant.parse(words[0]).toEpochMilli(),
                            rules.kind() == Rules.Kind.TOTAL
                                    ? Rules.NEVER
                                    : Instant.parse(words[1]).toEpochMilli(),
                            words[2]),
                    new Cell.Totals(
                            Long.parseLong(words[3]),
                            Long.parseLong(words[4]),
                            Long.parseLong(words[5]),
                            Long.parseLong(words[6])),
                    rules.revised() ? Integer.parseInt(words[7]) : 1,
                    !rules.revised() || words[8].equals("true"));
        } catch (DateTimeParseException | NumberFormatException e) {
            return null;
        }
    }

    /** As the sink has it. */
    String text(Rules rules) {
        String text = "%s %s %s %d %d %d %d"
                .formatted(
                        Instant.ofEpochMilli(id.start),
                        Instant.ofEpochMilli(rules.kind() == Rules.Kind.TOTAL ? id.start : id.end),
                        id.key,
                        totals.count(),
                        totals.sum(),
                        totals.low(),
                        totals.high());
        return rules.revised() ? text + " " + revision + " " + last : text;
    }

    /** When its window ends, in event time. */
    public long end() {
        return id.end;
    }

    public String key() {
        return id.key;
    }

    /** How many records it has. */
    public long count() {
        return totals.count();
    }

    Row withId(Id other) {
        return new Row(other, totals, revision, last);
    }

    Row withTotals(Cell.Totals others) {
        return new Row(id, others, revision, last);
    }
}
