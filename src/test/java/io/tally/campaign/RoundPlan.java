package io.tally.campaign;

import io.tally.campaign.check.Rules;
import io.tally.campaign.check.Rules.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What a round does. Everything about it follows from its seed, as does what it writes.
 *
 * @param settings of the application that differ from its defaults
 */
record RoundPlan(
        long seed,
        Rules rules,
        boolean transactionalSource,
        int perSecond,
        List<String> settings,
        List<FaultKind> faults) {
    private static final int PARTITIONS = 3;
    private static final List<Rules> ALL_RULES = List.of(
            new Rules(Kind.TUMBLING, 500, 500, 300, false, false, PARTITIONS),
            new Rules(Kind.TUMBLING, 1000, 1000, 500, false, true, PARTITIONS),
            new Rules(Kind.TUMBLING, 500, 500, 300, true, false, PARTITIONS),
            new Rules(Kind.HOPPING, 1500, 500, 300, false, false, PARTITIONS),
            new Rules(Kind.HOPPING, 1000, 500, 300, true, true, PARTITIONS),
            new Rules(Kind.SESSION, 300, 300, 300, false, false, PARTITIONS),
            new Rules(Kind.SESSION, 300, 300, 300, true, false, PARTITIONS));

    /** With these a client gives up long before a request is answered that the relay holds. */
    private static final List<String> SHORT_TIMEOUTS = List.of(
            "--spring.kafka.producer.properties[max.block.ms]=2000",
            "--spring.kafka.producer.properties[delivery.timeout.ms]=3000",
            "--spring.kafka.producer.properties[request.timeout.ms]=1500");

    private static final String EAGER = "--spring.kafka.consumer.properties[partition.assignment.strategy]="
            + "org.apache.kafka.clients.consumer.RangeAssignor";
    /** KIP-848: the broker has the session timeout. */
    private static final String CONSUMER_PROTOCOL = "--spring.kafka.consumer.properties[group.protocol]=consumer";

    /** @param brokers how many the cluster has; some faults need three */
    static RoundPlan draw(long seed, int brokers, int faults) {
        Random random = new Random(seed);
        Rules rules = ALL_RULES.get(random.nextInt(ALL_RULES.size()));
        List<FaultKind> kinds = new ArrayList<>();
        for (int i = 0; i < faults; i++) {
            kinds.add(FaultKind.draw(random, brokers));
        }
        List<String> settings = new ArrayList<>();
        // Three brokers on a busy machine need longer than that for ordinary requests.
        if (random.nextBoolean() && brokers == 1) {
            settings.addAll(SHORT_TIMEOUTS);
        }
        if (random.nextBoolean() | kinds.contains(FaultKind.KILL_K5_CHECKPOINT)) {
            // Otherwise windows close before any of their state is written.
            settings.add("checkpoint.interval=200ms");
        }
        if (random.nextInt(3) == 0 && brokers == 1) {
            settings.add("max-rows-per-transaction=100");
        }
        switch (random.nextInt(5)) {
            case 0 -> settings.add(EAGER);
            case 1 -> settings.add(CONSUMER_PROTOCOL);
            default -> {}
        }
        return new RoundPlan(seed, rules, random.nextInt(3) == 0, 600, List.copyOf(settings), kinds);
    }

    /** These faults, in this order. */
    static RoundPlan of(long seed, Rules rules, boolean shortTimeouts, FaultKind... faults) {
        return new RoundPlan(seed, rules, false, 600, shortTimeouts ? SHORT_TIMEOUTS : List.of(), List.of(faults));
    }

    boolean hasConsumerProtocol() {
        return settings.contains(CONSUMER_PROTOCOL);
    }

    /** What an instance is told about the pipeline. */
    String[] arguments(String pipeline, String source, String sink) {
        String prefix = "--tally.pipelines." + pipeline + ".";
        List<String> arguments = new ArrayList<>(List.of(
                "--tally.pipelines.ip-count.enabled=false",
                prefix + "source.topic=" + source,
                prefix + "source.columns=time,key,value",
                prefix + "timestamp.field=time",
                prefix + "timestamp.format=epoch-millis",
                prefix + "key.fields=key",
                prefix + "shuffle=" + (rules.shuffled() ? "always" : "never"),
                prefix + "window.type=" + rules.kind().name().toLowerCase(Locale.ROOT),
                prefix + "window.grace=" + rules.grace() + "ms",
                prefix + "emit=" + (rules.updates() ? "updates" : "final"),
                prefix + "aggregates.n.type=count",
                prefix + "aggregates.total.type=sum",
                prefix + "aggregates.total.field=value",
                prefix + "aggregates.low.type=min",
                prefix + "aggregates.low.field=value",
                prefix + "aggregates.high.type=max",
                prefix + "aggregates.high.field=value",
                prefix + "sink.topic=" + sink,
                prefix + "sink.time-format=iso",
                prefix + "sink.template={start} {end} {key} {n} {total} {low} {high}"
                        + (rules.updates() ? " {revision} {final}" : "")));
        if (!hasConsumerProtocol()) {
            arguments.add("--spring.kafka.consumer.properties[session.timeout.ms]=6000");
        }
        if (rules.kind() == Kind.SESSION) {
            arguments.add(prefix + "window.gap=" + rules.size() + "ms");
        } else {
            arguments.add(prefix + "window.size=" + rules.size() + "ms");
        }
        if (rules.kind() == Kind.HOPPING) {
            arguments.add(prefix + "window.advance=" + rules.advance() + "ms");
        }
        if (rules.shuffled()) {
            arguments.add(prefix + "shuffle-topic.partitions=2");
        }
        for (String setting : settings) {
            arguments.add(setting.startsWith("--") ? setting : prefix + setting);
        }
        return arguments.toArray(String[]::new);
    }

    @Override
    public String toString() {
        return "%s %s%s, windows of %d ms%s%s"
                .formatted(
                        rules.shuffled() ? "shuffled" : "direct",
                        rules.kind(),
                        rules.updates() ? " with updates" : "",
                        rules.size(),
                        transactionalSource ? ", transactional source" : "",
                        settings.isEmpty() ? "" : ", " + settings);
    }
}
