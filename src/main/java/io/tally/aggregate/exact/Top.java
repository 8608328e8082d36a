package io.tally.aggregate.exact;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.Cells;
import io.tally.aggregate.Event;
import io.tally.aggregate.FieldValue;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The texts with the greatest totals, exact, as long as all texts together are within bounds. Beyond the bounds there
 * are "too many", for good, and the totals are dropped. The usual sketches (Space-Saving, Misra-Gries) would go on with
 * an error. But what they keep depends on the order of the records and on where merges fall, so a result would depend
 * on where polls were cut.
 *
 * <p>An event without the text, or without the number that ranks it, is passed over.
 *
 * <p>Cells: 1 if there are too many; object: the totals, null for none.
 *
 * @param slot the texts
 * @param weightSlot the numbers whose sums rank them, or -1 to rank them by their number of events
 * @param number how many are shown
 */
record Top(int slot, int weightSlot, int number, TextBounds bounds) implements Aggregate {
    private static final int TOO_MANY = 0;
    /** What a text takes beside its own bytes: its place, and a total. */
    private static final int NODE = TextBounds.TREE_NODE + 40;

    private static final Comparator<Map.Entry<byte[], BigDecimal>> GREATEST_FIRST =
            Map.Entry.<byte[], BigDecimal>comparingByValue()
                    .reversed()
                    .thenComparing(Map.Entry.comparingByKey(Arrays::compareUnsigned));

    /** Ordered, so that equal totals have equal bytes. */
    private static final class Ranking {
        final TreeMap<byte[], BigDecimal> byText = new TreeMap<>(Arrays::compareUnsigned);
        int bytes;

        boolean add(byte[] text, BigDecimal weight, TextBounds bounds) {
            int before = byText.size();
            byText.merge(text, weight, BigDecimal::add);
            if (byText.size() > before) {
                bytes += TextBounds.size(text);
            }
            return bounds.allow(byText.size(), bytes);
        }
    }

    @Override
    public int longs() {
        return 1;
    }

    @Override
    public int objects() {
        return 1;
    }

    @Override
    public void add(Cells cells, Event event) {
        FieldValue text = event.field(slot);
        boolean passedOver =
                text.isMissing() || (weightSlot >= 0 && event.field(weightSlot).isMissing());
        if (cells.get(TOO_MANY) == 0 && !passedOver) {
            add(cells, text.copyText(), weight(event));
        }
    }

    private BigDecimal weight(Event event) {
        if (weightSlot < 0) {
            return BigDecimal.ONE;
        }
        FieldValue value = event.field(weightSlot);
        BigDecimal big = value.big();
        return big == null ? BigDecimal.valueOf(value.unscaled(), value.scale()) : big;
    }

    @Override
    public void merge(Cells cells, Cells other) {
        if (other.get(TOO_MANY) != 0) {
            tooMany(cells);
        } else if (other.object(0) instanceof Ranking ranking) {
            for (Map.Entry<byte[], BigDecimal> total : ranking.byText.entrySet()) {
                if (cells.get(TOO_MANY) != 0) {
                    return;
                }
                add(cells, total.getKey(), total.getValue());
            }
        }
    }

    private void add(Cells cells, byte[] text, BigDecimal weight) {
        Ranking ranking = (Ranking) cells.object(0);
        if (ranking == null) {
            ranking = new Ranking();
            cells.object(0, ranking);
        }
        if (!ranking.add(text, weight, bounds)) {
            tooMany(cells);
        }
    }

    private static void tooMany(Cells cells) {
        cells.set(TOO_MANY, 1);
        cells.object(0, null);
    }

    /** Greatest total first; of equal totals, the text first that comes first byte by byte. */
    @Override
    public @Nullable Object result(Cells cells) {
        if (cells.get(TOO_MANY) != 0) {
            return null;
        }
        if (!(cells.object(0) instanceof Ranking ranking)) {
            return List.of();
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        ranking.byText.entrySet().stream()
                .sorted(GREATEST_FIRST)
                .limit(number)
                .forEach(total -> rows.add(row(total.getKey(), total.getValue())));
        return rows;
    }

    private Map<String, Object> row(byte[] text, BigDecimal total) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("value", text);
        row.put(weightSlot < 0 ? "count" : "sum", total);
        return row;
    }

    @Override
    public long heapBytes(Cells cells) {
        return cells.object(0) instanceof Ranking ranking
                ? TextBounds.heapBytes(ranking.byText.size(), ranking.bytes, NODE)
                : 0;
    }

    /** Grammar: {@code 1} for too many, or {@code 0 number (unsigned) (text (bytes, ascending) total (decimal))*}. */
    @Override
    public void write(Cells cells, StateOutput out) {
        out.writeByte((int) cells.get(TOO_MANY));
        if (cells.get(TOO_MANY) != 0) {
            return;
        }
        if (cells.object(0) instanceof Ranking ranking) {
            out.writeUnsigned(ranking.byText.size());
            ranking.byText.forEach((text, total) -> {
                out.writeBytes(text);
                DecimalCells.writeBig(total, out);
            });
        } else {
            out.writeUnsigned(0);
        }
    }

    @Override
    public void read(Cells cells, StateInput in) {
        if (in.readFlag()) {
            cells.set(TOO_MANY, 1);
            return;
        }
        int texts = in.readSize();
        if (texts == 0) {
            return;
        }
        Ranking ranking = new Ranking();
        for (int i = 0; i < texts; i++) {
            if (!ranking.add(in.readBytes(), DecimalCells.readBig(in), bounds) || ranking.byText.size() != i + 1) {
                throw new IllegalStateException("totals of texts beyond their bounds, or with a text twice");
            }
        }
        cells.object(0, ranking);
    }
}
