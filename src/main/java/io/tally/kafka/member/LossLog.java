package io.tally.kafka.member;

import io.tally.kafka.transaction.Losses;
import io.tally.plan.KafkaPipeline;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what is not counted: the first dead letter of each reason at once, those that follow together, after a minute,
 * two, four, and so on up to an hour. Late records are logged only if nearly all records are late. The log never says
 * what a record holds. Confined to the consumer thread.
 */
final class LossLog {
    private static final Logger log = LoggerFactory.getLogger(LossLog.class);
    static final Duration FIRST = Duration.ofMinutes(1);
    static final Duration LONGEST = Duration.ofHours(1);

    /** What was logged of one reason. */
    private static final class Told {
        long silent;
        long next;
        Duration interval = FIRST;
    }

    private final String name;
    private final String deadLetterTopic;
    private final Map<String, Told> told = new HashMap<>();

    LossLog(KafkaPipeline pipeline) {
        name = "Pipeline " + pipeline.name();
        deadLetterTopic = pipeline.topics().deadLetter();
    }

    /** @param now nanoseconds of a steady clock */
    void lost(TopicPartition partition, Losses losses, long now) {
        losses.byReason().forEach((reason, loss) -> {
            if (!reason.equals(Losses.LATE)) {
                count(reason, loss.count());
                if (isDue(reason, now)) {
                    log.warn(
                            "{}: {} records are {} (the last is {}@{}): {}. They are in {}, with what is wrong in their headers",
                            name,
                            take(reason),
                            Remedies.label(reason),
                            partition,
                            loss.offset(),
                            Remedies.of(reason),
                            deadLetterTopic);
                }
            }
        });
    }

    /** Hardly any of the latest records of a partition is counted. */
    void uncounted(TopicPartition partition, String text, long now) {
        if (isDue("", now)) {
            log.warn("{}: partition {}: {}", name, partition.partition(), text);
        }
    }

    void countedAgain(TopicPartition partition) {
        log.info("{}: records of partition {} are counted again", name, partition.partition());
    }

    private void count(String reason, long count) {
        told.computeIfAbsent(reason, any -> new Told()).silent += count;
    }

    private long take(String reason) {
        Told of = told.computeIfAbsent(reason, any -> new Told());
        long silent = of.silent;
        of.silent = 0;
        return silent;
    }

    private boolean isDue(String reason, long now) {
        Told of = told.get(reason);
        if (of == null || of.next == 0) {
            of = told.computeIfAbsent(reason, any -> new Told());
            of.next = now + of.interval.toNanos();
            return true;
        }
        if (now - of.next < 0) {
            return false;
        }
        of.interval = of.interval.multipliedBy(2).compareTo(LONGEST) < 0 ? of.interval.multipliedBy(2) : LONGEST;
        of.next = now + of.interval.toNanos();
        return true;
    }
}
