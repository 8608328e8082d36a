package io.tally.kafka.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.codec.sink.SinkFormat;
import io.tally.pipeline.status.Refusal;
import io.tally.plan.KafkaPipeline;
import io.tally.plan.Topics;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.Refusals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A row goes to each sink, in its form, and to all of them or to none. */
class SeveralSinksIT extends Refusals {
    private static final JsonMapper JSON = new JsonMapper();

    @BeforeEach
    void withASecondSink() {
        bed.pipeline.furtherSink(new SinkFormat.Json());
        bed.create(new NewTopic(second(), 2, (short) 1));
    }

    @Test
    void everySinkHasEveryRowOnce() {
        Instance instance = instance().start().awaitActive(2);
        Input input = bed.input();
        input.random(300, 12_000);
        bed.awaitProcessed();
        instance.stop();
        instance().start().awaitActive(2);
        input.random(300, 12_000);
        input.closeWindows();
        bed.assertExact();
        assertThat(linesOfSecond()).isEqualTo(bed.rows());
    }

    /** Both stages of a shuffle have the topics of the whole; the combine stage writes to no sink. */
    @Test
    void behindAShuffle() {
        Instance instance = bed.instance(bed.pipeline.buildShuffled(bed.groupId(), "a", topics()))
                .start();
        Input input = bed.input();
        input.random(300, 12_000);
        input.closeWindows();
        bed.awaitProcessed();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !bed.rows().isEmpty()
                        && linesOfSecond().size() == bed.rows().size());
        assertThat(linesOfSecond()).isEqualTo(bed.rows());
        instance.stop();
    }

    @Test
    void noSinkHasARowThatAnotherDoesNotTake() {
        configure(second(), TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "2000");
        Instance instance = instance().start().awaitActive(2);
        Input input = bed.input();
        input.send(1, "p1-k1", input.time() + " p1-k1 5 " + Input.noise(4_000));
        input.flush();
        bed.awaitProcessed();
        input.closeWindows();
        Refusal refusal = instance.awaitRefusal(1);
        assertThat(refusal.problem()).contains("cannot be written to topic " + second() + ": RecordTooLargeException");
        assertThat(bed.rows()).noneMatch(row -> row.contains(" p1-"));
        instance.stop();

        configure(second(), TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "10000");
        instance().start();
        input.closeWindows();
        bed.assertExact();
        assertThat(linesOfSecond()).isEqualTo(bed.rows());
    }

    /** It is told by the property that names it. */
    @Test
    void waitsForASinkThatIsMissing() {
        delete(second());
        Instance instance = instance().start();
        await().until(
                        () -> String.valueOf(instance.status().problem()),
                        problem -> problem.contains("The sink topic " + second()
                                + " (tally.pipelines.it.further-sinks[0].topic) does not exist."));
        bed.create(new NewTopic(second(), 2, (short) 1));
        instance.awaitActive(2);
    }

    private String second() {
        return bed.topics().sink() + "-json";
    }

    private Topics topics() {
        Topics one = bed.topics();
        return new Topics(one.source(), List.of(one.sink(), second()), one.late(), one.deadLetter(), one.state());
    }

    private Instance instance() {
        KafkaPipeline pipeline = bed.pipeline.build(bed.groupId(), "a", topics());
        return bed.instance(pipeline);
    }

    /** What the second sink has, in the form of the first. */
    private List<String> linesOfSecond() {
        return bed.log().read(second()).stream()
                .map(record -> line(JSON.readTree(record.value())))
                .sorted()
                .toList();
    }

    private static String line(JsonNode row) {
        return Instant.parse(row.get("windowStart").asString()).toEpochMilli() + " "
                + row.get("key").asString() + " " + row.get("count") + " "
                + row.get("sum").decimalValue().toPlainString() + " "
                + row.get("text").asString();
    }
}
