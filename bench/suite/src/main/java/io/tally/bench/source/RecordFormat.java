package io.tally.bench.source;

import io.tally.process.IpCounts;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;

/** What the records of a source look like, the rows that they make, and how Tally is told. */
public enum RecordFormat {
    /** Lines of the default pipeline. */
    TEXT("lines", "ip-count", List.of()) {
        @Override
        byte[] time(long second) {
            return bytes(text(second) + " ");
        }

        @Override
        int number(Random random) {
            return 0;
        }

        @Override
        byte[] record(byte[] time, byte[] ip, int number) {
            return concatenation(time, ip, REQUEST);
        }

        @Override
        public byte[] row(String start, String ip, long count, long sum) {
            return bytes(start + " " + ip + " " + count);
        }
    },
    /** Objects of six members and about 180 bytes, of which a pipeline needs three; rows have a sum, too. */
    JSON(
            "JSON records",
            "traffic",
            List.of(
                    "--tally.pipelines.ip-count.enabled=false",
                    "--tally.pipelines.traffic.source.format=json",
                    "--tally.pipelines.traffic.source.fields.time=/time",
                    "--tally.pipelines.traffic.source.fields.ip=/client/ip",
                    "--tally.pipelines.traffic.source.fields.bytes=/bytes",
                    "--tally.pipelines.traffic.timestamp.field=time",
                    "--tally.pipelines.traffic.timestamp.format=epoch-millis",
                    "--tally.pipelines.traffic.key.fields=ip",
                    "--tally.pipelines.traffic.key.verify=true",
                    "--tally.pipelines.traffic.window.size=" + IpCounts.SIZE + "s",
                    "--tally.pipelines.traffic.window.grace=" + IpCounts.GRACE + "s",
                    "--tally.pipelines.traffic.aggregates.count.type=count",
                    "--tally.pipelines.traffic.aggregates.bytes.type=sum",
                    "--tally.pipelines.traffic.aggregates.bytes.field=bytes",
                    "--tally.pipelines.traffic.sink.template={start} {key} {count} {bytes}",
                    "--tally.pipelines.traffic.sink.time-format=yyyy-MM-dd_HH:mm:ss")) {
        @Override
        byte[] time(long second) {
            return bytes("{\"time\":" + second * 1000 + ",\"client\":{\"ip\":\"");
        }

        @Override
        int number(Random random) {
            return random.nextInt(100_000);
        }

        @Override
        byte[] record(byte[] time, byte[] ip, int number) {
            return concatenation(time, ip, REST, bytes(number + "}"));
        }

        @Override
        public byte[] row(String start, String ip, long count, long sum) {
            return bytes(start + " " + ip + " " + count + " " + sum);
        }
    };

    private static final byte[] REQUEST = bytes(" GET /index.html");
    private static final byte[] REST = bytes("\",\"agent\":\"Mozilla/5.0 (X11; Linux x86_64)\"},\"method\":\"GET\","
            + "\"path\":\"/articles/2026/exactly-once.html\",\"status\":200,\"bytes\":");

    private final String title;
    private final String pipeline;
    private final List<String> settings;

    RecordFormat(String title, String pipeline, List<String> settings) {
        this.title = title;
        this.pipeline = pipeline;
        this.settings = settings;
    }

    /** What records are called in the report. */
    public String title() {
        return title;
    }

    /** The name of Tally's pipeline for it. */
    public String pipeline() {
        return pipeline;
    }

    /** What that pipeline needs beyond topics, group and lanes. */
    public List<String> settings() {
        return settings;
    }

    /** How a record of this second begins. */
    abstract byte[] time(long second);

    /** A number to be summed up, 0 if there is none. */
    abstract int number(Random random);

    /** A record, from its beginning by {@link #time}. */
    abstract byte[] record(byte[] time, byte[] ip, int number);

    /** A row, from its window's start by {@link #text}. */
    public abstract byte[] row(String start, String ip, long count, long sum);

    public static String text(long second) {
        return IpCounts.TIME.format(LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] concatenation(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = new byte[length];
        int end = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, end, part.length);
            end += part.length;
        }
        return all;
    }
}
