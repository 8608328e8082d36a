package io.tally.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.aggregate.WeightedMean;
import io.tally.config.property.FunctionProperties.AggregateType;
import io.tally.pipeline.PipelineSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

class AggregatesConfigurationTest {
    private static final String PREFIX = "tally.pipelines.clicks.";
    private static final String AGGREGATE = PREFIX + "aggregates.";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class))
            .withUserConfiguration(PropertiesConfiguration.class)
            .withPropertyValues(
                    PREFIX + "source.topic=clicks",
                    PREFIX + "source.columns=user,url,bytes",
                    PREFIX + "window.size=1m",
                    PREFIX + "sink.topic=sums",
                    PREFIX + "sink.format=json");

    private final ApplicationContextRunner withBeans = runner.withUserConfiguration(Functions.class);

    @Configuration(proxyBeanMethods = false)
    static class Functions {
        @Bean
        WeightedMean weightedMean() {
            return new WeightedMean();
        }

        @Bean
        WeightedMean secondVersion() {
            return new WeightedMean() {
                @Override
                public String version() {
                    return "2";
                }
            };
        }

        @Bean
        WeightedMean noVersion() {
            return new WeightedMean() {
                @Override
                public String version() {
                    return " ";
                }
            };
        }

        @Bean
        @Lazy
        WeightedMean broken() {
            throw new IllegalStateException("no licence");
        }
    }

    @Test
    void readsEveryType() {
        PipelineSpec spec = spec(
                withBeans,
                "a.type=count",
                "b.type=sum",
                "b.field=bytes",
                "c.type=variance",
                "c.field=bytes",
                "d.type=stddev",
                "d.field=bytes",
                "e.type=distinct",
                "e.field=url",
                "f.type=distinct-approx",
                "f.field=url",
                "g.type=quantiles",
                "g.field=bytes",
                "g.quantiles=0.5,0.99",
                "h.type=top",
                "h.field=url",
                "h.by=bytes",
                "i.type=collect",
                "i.field=user",
                "j.type=custom",
                "j.function=weightedMean",
                "j.fields=bytes,bytes");
        assertThat(spec.aggregates())
                .extracting(Object::toString)
                .containsExactly(
                        "Count[]",
                        "Sum[slot=0]",
                        "Variance[slot=0, root=false]",
                        "Variance[slot=0, root=true]",
                        "Distinct[slot=1, bounds=TextBounds[limit=1000]]",
                        "ApproximateDistinct[slot=1, precision=12]",
                        "Quantiles[slot=0, quantiles=[0.5, 0.99], accuracy=0.0078123410581608654]",
                        "Top[slot=1, weightSlot=0, number=10, bounds=TextBounds[limit=1000]]",
                        "Collect[slot=2, bounds=TextBounds[limit=1000]]",
                        "custom aggregate 'j'");
        assertThat(spec.fieldCount())
                .as("bytes as a number and as a text, url, user")
                .isEqualTo(4);
    }

    @Test
    void tellsInTheFingerprintWhatAccumulatorsMean() {
        String before = structure("x.type=distinct", "x.field=url");
        assertThat(structure("renamed.type=distinct", "renamed.field=url", "renamed.limit=1000"))
                .as("a name and a default change nothing")
                .isEqualTo(before);
        assertThat(structure("x.type=distinct", "x.field=url", "x.limit=10")).isNotEqualTo(before);
        assertThat(structure("x.type=top", "x.field=url", "x.n=3")).isEqualTo(structure("x.type=top", "x.field=url"));
        assertThat(structure("x.type=quantiles", "x.field=bytes", "x.quantiles=1"))
                .isEqualTo(structure("x.type=quantiles", "x.field=bytes", "x.quantiles=0.5", "x.accuracy=0.010"));

        assertThat(structure("x.type=custom", "x.function=weightedMean", "x.fields=bytes,bytes"))
                .isNotEqualTo(structure("x.type=custom", "x.function=secondVersion", "x.fields=bytes,bytes"))
                .isNotEqualTo(structure("x.type=custom", "x.function=weightedMean", "x.fields=user,bytes"));
    }

    @Test
    void namesTheFunctionsThatThereAre() {
        assertThat(failure("x.type=custom", "x.function=weightedMaen"))
                .contains("aggregates.x.function")
                .contains(
                        "is no bean of type CustomAggregate; there are [weightedMean, secondVersion, noVersion, broken]");
        assertThat(failure("x.type=custom", "x.function=noVersion"))
                .contains("has no version: method version() of io.tally.config.AggregatesConfigurationTest$Functions$");
        assertThat(failure("x.type=custom", "x.function=broken"))
                .contains("is a bean that cannot be made")
                .contains("no licence");
    }

    @Test
    void documentsEveryType() throws IOException {
        String documentation = Files.readString(Path.of("docs/aggregates.md"));
        for (AggregateType type : AggregateType.values()) {
            String label = type.name().toLowerCase(Locale.ROOT).replace('_', '-');
            assertThat(documentation.lines().filter(line -> line.startsWith("| `")))
                    .as(label)
                    .anyMatch(line -> line.split("\\|")[1].contains("`" + label + "`"));
        }
    }

    private String structure(String... properties) {
        return spec(withBeans, properties).fingerprint().structure();
    }

    private static PipelineSpec spec(ApplicationContextRunner runner, String... properties) {
        List<PipelineSpec> specs = new ArrayList<>();
        runner.withPropertyValues(prefixed(properties))
                .run(context -> specs.add(context.getBean(PipelineDefinitions.class)
                        .enabled()
                        .get(0)
                        .spec()));
        return specs.get(0);
    }

    private String failure(String... properties) {
        List<String> messages = new ArrayList<>();
        withBeans.withPropertyValues(prefixed(properties)).run(context -> {
            assertThat(context).hasFailed();
            for (Throwable cause = context.getStartupFailure(); cause != null; cause = cause.getCause()) {
                messages.add(String.valueOf(cause.getMessage()));
            }
        });
        return String.join("\n", messages);
    }

    private static String[] prefixed(String... properties) {
        return Arrays.stream(properties).map(property -> AGGREGATE + property).toArray(String[]::new);
    }
}
