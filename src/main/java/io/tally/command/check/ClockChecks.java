package io.tally.command.check;

import io.tally.plan.cluster.Finding;
import io.tally.plan.cluster.TopicConfigs;
import io.tally.plan.cluster.TopicFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Whether clocks agree, by the newest timestamps of records. A clock that is behind does not show. */
final class ClockChecks {
    /** More than clocks set by NTP differ, and more than it takes to ask. */
    static final Duration TOLERANCE = Duration.ofSeconds(5);

    private ClockChecks() {}

    static List<Finding> of(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        for (TopicFacts topic : subject.found()) {
            Long newest = subject.cluster().newest().get(topic.name());
            if (newest != null) {
                findings.add(finding(subject, topic, newest));
            }
        }
        return findings;
    }

    private static Finding finding(Subject subject, TopicFacts topic, long newest) {
        Duration ahead = Duration.ofMillis(newest - subject.cluster().now());
        if (ahead.compareTo(TOLERANCE) <= 0) {
            return Finding.ok(
                    "clock",
                    topic.name(),
                    ahead.isNegative() || ahead.isZero()
                            ? "Its newest timestamp is " + text(ahead.negated()) + " old by the clock of this host."
                            : "Its newest timestamp is " + text(ahead) + " ahead of the clock of this host.");
        }
        boolean isState = topic.name().equals(subject.pipeline().topics().state());
        String who = TopicConfigs.hasAppendTime(topic.settings())
                ? "The clock of a broker"
                : isState
                        ? "The clock of an instance of Tally"
                        : "The clock of a producer, or what it takes for the time,";
        return Finding.warning(
                "clock",
                topic.name(),
                who + " is ahead of the clock of this host: its newest timestamp lies " + text(ahead)
                        + " in the future. Event times too far ahead are refused, and idle times and time-outs go by such"
                        + " clocks.",
                "set the clocks by NTP on the hosts of brokers, producers and Tally.");
    }

    private static String text(Duration duration) {
        return duration.toMillis() < 10_000 ? duration.toMillis() + " ms" : duration.toSeconds() + " s";
    }
}
