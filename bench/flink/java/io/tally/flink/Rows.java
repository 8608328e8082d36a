package io.tally.flink;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** Makes the row of a window that closes. */
final class Rows extends ProcessWindowFunction<Long, Row, String, TimeWindow> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd_HH:mm:ss").withZone(ZoneOffset.UTC);

    /** The windows of all keys close together, so the text of one start serves many rows. */
    private long start = Long.MIN_VALUE;

    private String text = "";

    @Override
    public void process(String ip, Context context, Iterable<Long> counts, Collector<Row> rows) {
        if (context.window().getStart() != start) {
            start = context.window().getStart();
            text = TIME.format(Instant.ofEpochMilli(start)) + " ";
        }
        rows.collect(new Row(ip, text + ip + " " + counts.iterator().next()));
    }
}
