package io.tally.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.config.property.TallyProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The order of aggregates is part of the state's form, so it must not depend on anything else that is configured. */
class MapOrderTest {
    private static final List<String> IN_ARGUMENTS = List.of(
            "--tally.pipelines.clicks.aggregates.total.type=count",
            "--tally.pipelines.clicks.aggregates.n.type=count",
            "--tally.pipelines.clicks.aggregates.low.type=count",
            "--tally.pipelines.clicks.aggregates.high.type=count");

    private static List<String> aggregates(String yaml, List<String> arguments) {
        List<String> names = new ArrayList<>();
        Startup.yaml(
                yaml,
                context -> names.addAll(context.getBean(TallyProperties.class)
                        .pipelines()
                        .get("clicks")
                        .aggregates()
                        .keySet()),
                arguments.toArray(String[]::new));
        return names;
    }

    @Test
    void isThatOfTheFile() {
        String yaml = Startup.MINIMAL + """
                      aggregates:
                        zebra: {type: count}
                        ant: {type: count}
                        "[my.name]": {type: count}
                        "[zebra.type]": {type: count}
                """;

        assertThat(aggregates(yaml, List.of())).containsExactly("zebra", "ant", "my.name", "zebra.type");
        assertThat(aggregates(
                        yaml,
                        List.of(
                                "--tally.pipelines.clicks.aggregates.ant.type=min",
                                "--tally.pipelines.clicks.aggregates.ant.field=url")))
                .as("with one of them set otherwise")
                .containsExactly("zebra", "ant", "my.name", "zebra.type");
        assertThat(aggregates(yaml, IN_ARGUMENTS))
                .as("with more of them")
                .containsExactly("zebra", "ant", "my.name", "zebra.type", "high", "low", "n", "total");
    }

    /** Arguments and environment variables have no order. */
    @Test
    void isThatOfNamesWithoutAFile() {
        for (int others = 0; others < 100; others += 10) {
            List<String> all = Stream.concat(
                            IN_ARGUMENTS.stream(),
                            IntStream.range(0, others).mapToObj(number -> "--unrelated.property-" + number + "=1"))
                    .toList();

            assertThat(aggregates(Startup.MINIMAL, all)).containsExactly("high", "low", "n", "total");
        }
    }
}
