package io.tally.campaign;

import io.tally.campaign.check.Rules;
import io.tally.campaign.check.Rules.Kind;
import io.tally.process.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What a round does. Everything about it follows from its seed, as does what it writes.
 *
 * @param session after which the group does without an instance that is silent
 * @param ownClocks whether the clocks of instances are not that of the tests
 * @param settings of the application that differ from its defaults
 */
record RoundPlan(
        long seed,
        Rules rules,
        boolean transactionalSource,
        int perSecond,
        Duration session,
        boolean ownClocks,
        List<String> settings,
        List<FaultKind> faults) {
    private static final int PARTITIONS = 3;
    private static final int PER_SECOND = Integer.getInteger("tally.campaign.per-second", 400);
    /** In place of those that would be drawn: names of kinds, separated by commas. */
    private static final List<FaultKind> CHOSEN = Stream.of(
                    System.getProperty("tally.campaign.faults", "").split(","))
            .filter(name -> !name.isBlank())
            .map(FaultKind::valueOf)
            .toList();

    private static final long DAY = 86_400_000;
    private static final List<Rules> ALL_RULES = List.of(
            new Rules(Kind.TUMBLING, 500, 500, 300, false, false, PARTITIONS),
            new Rules(Kind.TUMBLING, 1000, 1000, 500, false, true, PARTITIONS),
            new Rules(Kind.TUMBLING, 500, 500, 300, true, false, PARTITIONS),
            new Rules(Kind.HOPPING, 1500, 500, 300, false, false, PARTITIONS),
            new Rules(Kind.HOPPING, 1000, 500, 300, true, true, PARTITIONS),
            new Rules(Kind.SESSION, 300, 300, 300, false, false, PARTITIONS),
            new Rules(Kind.SESSION, 300, 300, 300, true, false, PARTITIONS),
            new Rules(Kind.TUMBLING, 500, 500, 300, 1_000, false, false, PARTITIONS),
            new Rules(Kind.CUMULATIVE, 2000, 500, 300, false, false, PARTITIONS),
            new Rules(Kind.CALENDAR, DAY, DAY, DAY / 15, false, false, PARTITIONS),
            new Rules(Kind.TOTAL, 500, 500, 300, false, true, PARTITIONS));

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
        boolean ownClocks = random.nextInt(4) == 0 && Clock.isAvailable();
        // Now and then instances are to live long, for what they may gather.
        boolean survived = random.nextInt(4) == 0;
        List<FaultKind> kinds = new ArrayList<>();
        for (int i = 0; i < faults; i++) {
            kinds.add(
                    CHOSEN.isEmpty()
                            ? FaultKind.draw(random, brokers, survived, ownClocks)
                            : CHOSEN.get(random.nextInt(CHOSEN.size())));
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
        boolean transactionalSource = random.nextInt(3) == 0;
        // Shorter than the default, so that there are more take-overs.
        Duration session = Duration.ofSeconds(random.nextInt(3) == 0 || settings.contains(CONSUMER_PROTOCOL) ? 6 : 3);
        return new RoundPlan(
                seed, rules, transactionalSource, PER_SECOND, session, ownClocks, List.copyOf(settings), kinds);
    }

    /** These faults, in this order. */
    static RoundPlan of(long seed, Rules rules, boolean shortTimeouts, FaultKind... faults) {
        return new RoundPlan(
                seed,
                rules,
                false,
                PER_SECOND,
                Duration.ofSeconds(3),
                false,
                shortTimeouts ? SHORT_TIMEOUTS : List.of(),
                List.of(faults));
    }

    boolean hasConsumerProtocol() {
        return settings.contains(CONSUMER_PROTOCOL);
    }

    /** What an instance is told about the pipeline. */
    String[] arguments(String pipeline, String source, String sink) {
        boolean total = rules.kind() == Kind.TOTAL;
        String prefix = "--tally.pipelines." + pipeline + ".";
        List<String> arguments = new ArrayList<>(List.of(
                "--tally.pipelines.ip-count.enabled=false",
                prefix + "source.topic=" + source,
                prefix + "source.columns=time,key,value",
                prefix + "timestamp.field=time",
                prefix + "timestamp.format=epoch-millis",
                prefix + "key.fields=key",
                prefix + "shuffle=" + (rules.shuffled() ? "always" : "never"),
                prefix + "window.type=" + (total ? "none" : rules.kind().name().toLowerCase(Locale.ROOT)),
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
                prefix + "sink.template={start} " + (total ? "{start}" : "{end}") + " {key} {n} {total} {low} {high}"
                        + (rules.revised() ? " {revision} {final}" : "")));
        if (!hasConsumerProtocol()) {
            arguments.add("--spring.kafka.consumer.properties[session.timeout.ms]=" + session.toMillis());
            arguments.add("--spring.kafka.consumer.properties[heartbeat.interval.ms]=" + session.toMillis() / 4);
        }
        switch (rules.kind()) {
            case SESSION -> arguments.add(prefix + "window.gap=" + rules.size() + "ms");
            case CALENDAR ->
                arguments.addAll(List.of(prefix + "window.unit=day", prefix + "window.zone=Europe/Berlin"));
            case TOTAL -> {}
            default -> arguments.add(prefix + "window.size=" + rules.size() + "ms");
        }
        if (rules.kind() == Kind.HOPPING || rules.kind() == Kind.CUMULATIVE) {
            arguments.add(prefix + "window.advance=" + rules.advance() + "ms");
        }
        if (rules.lateness() > 0) {
            arguments.add(prefix + "window.allowed-lateness=" + rules.lateness() + "ms");
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
        return "%s %s%s, windows of %d ms%s%s, session of %d s%s"
                .formatted(
                        rules.shuffled() ? "shuffled" : "direct",
                        rules.kind(),
                        rules.updates() ? " with updates" : rules.lateness() > 0 ? " with allowed lateness" : "",
                        rules.size(),
                        transactionalSource ? ", transactional source" : "",
                        ownClocks ? ", clocks of their own" : "",
                        session.toSeconds(),
                        settings.isEmpty() ? "" : ", " + settings);
    }
}
