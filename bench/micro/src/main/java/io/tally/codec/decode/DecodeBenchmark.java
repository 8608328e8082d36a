package io.tally.codec.decode;

import io.tally.HotPathBenchmark;
import io.tally.aggregate.Event;
import io.tally.codec.TestRecord;
import io.tally.codec.framing.FramedFormat;
import io.tally.codec.framing.Split;
import io.tally.codec.json.JsonFormat;
import io.tally.codec.text.ColumnsFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** From a record's bytes to event time, group key and inputs; one operation is one record. */
public class DecodeBenchmark extends HotPathBenchmark {
    private static final int RECORDS = 1 << 12;

    private final TestRecord[] lines = new TestRecord[RECORDS];
    private final TestRecord[] objects = new TestRecord[RECORDS];
    private final RecordDecoder text = new Decoding()
            .source(new FramedFormat(new ColumnsFormat(List.of("time", "ip"), ' '), Split.NONE))
            .newDecoder();
    private final RecordDecoder json = new Decoding()
            .source(new JsonFormat(Map.of("time", "/time", "ip", "/client/ip", "bytes", "/bytes")))
            .timestamp(Decoding.timestamp("time", "epoch-millis"))
            .inputs(new InputField("bytes", InputField.Kind.NUMBER))
            .newDecoder();
    private final Event textEvent = new Event(0);
    private final Event jsonEvent = new Event(1);
    private int next;

    @Setup
    public void records() {
        Random random = new Random(1);
        for (int i = 0; i < RECORDS; i++) {
            String ip = "10.0." + random.nextInt(4) + "." + random.nextInt(256);
            int second = i * 60 / RECORDS;
            lines[i] = TestRecord.of(ip, "2026-01-01_00:00:%02d %s GET /index.html".formatted(second, ip));
            objects[i] = TestRecord.of(
                    ip,
                    ("{\"time\":%d,\"client\":{\"ip\":\"%s\",\"agent\":\"Mozilla/5.0 (X11; Linux x86_64)\"},"
                                    + "\"method\":\"GET\",\"path\":\"/articles/2026/exactly-once.html\",\"status\":200,\"bytes\":%d}")
                            .formatted(TestRecord.NEW_YEAR + second * 1000L, ip, random.nextInt(100_000)));
        }
        if (Objects.requireNonNull(objects[0].value()).length() < 150) {
            throw new IllegalStateException("the JSON is not of the size that was meant");
        }
        require(text.decode(lines[0], textEvent), text);
        require(json.decode(objects[0], jsonEvent), json);
    }

    private static void require(RecordDecoder.Verdict verdict, RecordDecoder decoder) {
        if (verdict != RecordDecoder.Verdict.ACCEPTED) {
            throw new IllegalStateException(String.valueOf(decoder.rejection()));
        }
    }

    @Benchmark
    public RecordDecoder.Verdict line() {
        return text.decode(lines[next++ & RECORDS - 1], textEvent);
    }

    @Benchmark
    public RecordDecoder.Verdict json() {
        return json.decode(objects[next++ & RECORDS - 1], jsonEvent);
    }
}
