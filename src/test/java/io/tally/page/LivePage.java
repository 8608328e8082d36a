package io.tally.page;

import io.tally.checkpoint.Ledger;
import io.tally.pipeline.status.LostRecords;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.pipeline.status.PipelineStatus;
import io.tally.pipeline.status.RowSample;
import io.tally.pipeline.status.TransactionSize;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.openqa.selenium.Dimension;

/**
 * The page of a server with pipelines that a test makes up, in a browser that all tests of a class share. Needs
 * Chromium and its driver (Debian: {@code chromium}, {@code chromium-driver}); without them the tests skip and say so.
 */
final class LivePage implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    static final String MARKUP = "<img src=x onerror=document.title='broken'><b>bold</b>";
    static final Dimension DESKTOP = new Dimension(1280, 1000);
    static final Dimension PHONE = new Dimension(390, 844);

    /** From the first test of the class to the last. */
    Browser browser;

    /** From {@link #serve} to the end of the test. */
    PageServer server;

    /** What a server shows that was told to show this. */
    volatile List<PipelineStatus> statuses = List.of();

    @Override
    public void beforeAll(ExtensionContext context) {
        browser = Browser.start();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        browser.leave();
        if (server != null) {
            server.close();
            server = null;
        }
        statuses = List.of();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (browser != null) {
            browser.close();
        }
    }

    void serve(Supplier<List<PipelineStatus>> shown, String... settings) {
        server = PageServer.start(shown, settings);
    }

    /** A pipeline with four partitions, of which one is a little behind, and with traffic. */
    void serveBusy(String name) {
        serve(() -> List.of(busy(name)));
    }

    void open(Dimension size) {
        browser.open(server.address("/"), size);
    }

    PipelineStatus busy(String name) {
        Instant now = Instant.now();
        List<PartitionStatus> partitions = Stream.of(0, 1, 2, 3)
                .map(partition -> Statuses.active(
                        partition, now.toEpochMilli() - (partition == 2 ? 12_000 : 300 * partition), now))
                .toList();
        long records = 1_000 + now.toEpochMilli() % 977;
        PageServer running = server;
        if (running != null) {
            running.events()
                    .committed(
                            name,
                            0,
                            new Ledger(records, 3, 1, 0),
                            40,
                            0,
                            Objects.requireNonNull(partitions.get(0).committed()));
            running.events()
                    .transaction(
                            name,
                            0,
                            new TransactionSize(records, 0, 0),
                            Duration.ofMillis(100),
                            Duration.ofMillis(3 + records % 9));
        }
        return Statuses.running(name, now, partitions);
    }

    /** A row of each key with a result that grows from key to key, and a dead letter of each. */
    void output(String name, List<String> keys) {
        List<RowSample.Row> rows = new ArrayList<>();
        for (String key : keys) {
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            byte[] value = ("2026-11-29_23:00:00 " + key + " " + rows.size()).getBytes(StandardCharsets.UTF_8);
            rows.add(new RowSample.Row(bytes, value, rows.size()));
        }
        server.events().sampled(name, new RowSample(rows.size(), rows, rows, "count"));
        server.events()
                .lost(
                        name,
                        new LostRecords(
                                "BAD_TIMESTAMP",
                                "compare timestamp.field with a record",
                                1,
                                "requests-3@17",
                                new LostRecords.Sample(MARKUP, "no " + MARKUP, "no time")));
    }

    /** How many partitions have a lane of their own. */
    int lanes(String name) {
        return browser.count("picture-" + name, ".lane[data-partition]");
    }

    /** How many source partitions of a merge have a lane of their own. */
    int sources(String name) {
        return browser.count("picture-" + name, ".lane[data-source]");
    }

    /** How many open windows a partition's lane shows. */
    int boxes(String name, String partition) {
        return browser.count("picture-" + name, "[data-partition='" + partition + "'] .box.open");
    }

    int rows(String id) {
        return browser.count(id, "tr");
    }
}
