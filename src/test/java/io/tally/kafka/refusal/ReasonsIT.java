package io.tally.kafka.refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.pipeline.status.HealthRules;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.TestBed;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Readiness gives a reason as long as its cause lasts, and no longer. */
@ExtendWith(OutputCaptureExtension.class)
class ReasonsIT {
    @RegisterExtension
    final TestBed bed = new TestBed(2);

    /**
     * Each commit goes through, but no answer arrives. At the end there is nothing left whose commit would clear the
     * reason.
     */
    @Test
    void failedTransactionsAreForgottenWhenNothingWaits() {
        Instance instance = bed.started("a");
        Input input = bed.input();
        AtomicInteger lost = instance.faults().nextProducerCalls(Integer.MAX_VALUE, "commitTransaction", call -> {
            call.proceed();
            throw new TimeoutException("the answer was lost");
        });
        input.random(300, 2_000);
        bed.awaitProcessed();
        assertThat(lost).hasValueGreaterThanOrEqualTo(2);
        await().until(() -> lost.get() == instance.lane(0).aborts());
        assertThat(problems(instance)).anySatisfy(problem -> assertThat(problem).contains("the answer was lost"));

        instance.faults().heal();
        instance.awaitActive(2);
        await("readiness").until(() -> problems(instance).isEmpty());
    }

    @Test
    void aFailedRestoreStandsBesideTheCommitsOfOthers() {
        Instance instance = bed.instance("a");
        instance.faults().onRestore("committed", call -> {
            if (call.arguments().contains(bed.source(1).toString())) {
                throw new KafkaException("not today");
            }
            return call.proceed();
        });
        instance.start().awaitActive(1);
        await().until(() -> problems(instance).toString(), text -> text.contains("not today"));
        Input input = bed.input();
        for (int key = 0; key < 100; key++) {
            input.send(0, key, input.time());
        }
        input.flush();
        await().until(() -> instance.events().records.get() == 100);
        assertThat(problems(instance))
                .containsExactly("partition 1: its restore failed and is tried again: KafkaException: not today");

        instance.faults().heal();
        instance.awaitActive(2);
        assertThat(problems(instance)).isEmpty();
    }

    /** Nothing fails, and nothing is counted. */
    @Test
    void aPipelineThatRefusesAllIsNotReadyAndSaysWhere(CapturedOutput output) {
        Instance instance = bed.started("a");
        Input input = bed.input();
        for (int i = 0; i < 25; i++) {
            input.send(0, "\"kone\"", input.time() + " kone 1 x");
        }
        input.flush();
        await("readiness").until(() -> problems(instance).toString(), text -> text.contains("KEY_MISMATCH"));
        assertThat(problems(instance))
                .singleElement()
                .asString()
                .matches(
                        "partition 0: of its latest \\d+ records \\d+ are not counted, most of them dead letters, reason"
                                + " KEY_MISMATCH, for example \\S+-0@\\d+: .*");
        assertThat(output)
                .contains("dead letters, reason KEY_MISMATCH (the last is")
                .doesNotContain("kone");

        for (int i = 0; i < 25; i++) {
            input.send(0, 1, input.time());
        }
        input.flush();
        await("readiness again").until(() -> problems(instance).isEmpty());
    }

    private static List<String> problems(Instance instance) {
        return HealthRules.problems(instance.status(), Instant.now());
    }
}
