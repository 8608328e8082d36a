package io.tally.config.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.config.PropertiesConfiguration;
import io.tally.config.property.TallyProperties;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

@ExtendWith(OutputCaptureExtension.class)
class MisspeltVariablesTest {
    private final MisspeltVariables variables =
            new MisspeltVariables(new KnownProperties("tally", TallyProperties.class), List.of("ip-count", "clicks"));

    @ParameterizedTest
    @CsvSource({
        "TALLY_INSTANCE_IT, TALLY_INSTANCEID",
        "TALLY_INSTANSEID, TALLY_INSTANCEID",
        "TALLY_PAGE_VALUE, TALLY_PAGE_VALUES",
        "TALLY_PIPELINES_IPCOUNT_WINDOW_SISE, TALLY_PIPELINES_IPCOUNT_WINDOW_SIZE",
        "TALLY_PIPELINE_CLICKS_WINDOW_SIZE, TALLY_PIPELINES_CLICKS_WINDOW_SIZE",
        "TALLY_PIPELINES_CLICKS_MAX_OPEN_BITES, TALLY_PIPELINES_CLICKS_MAXOPENBYTES",
        "TALLY_PIPELINES_CLICKS_GRACE, WINDOW_GRACE",
        "TALLY_PIPELINES_CLICKS_SOURCE_TOPICS, TALLY_PIPELINES_CLICKS_SOURCE_TOPIC",
    })
    void areToldOf(String variable, String meant) {
        assertThat(variables.of(List.of("PATH", variable)))
                .singleElement()
                .asString()
                .contains(variable + " has no effect", meant)
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PATH",
                "TALLY",
                "TALLY_HOME",
                "TALLY_JAVA_OPTS",
                "TALLY_INSTANCEID",
                "TALLY_INSTANCE_ID",
                "TALLY_PIPELINES_IPCOUNT_WINDOW_SIZE",
                "TALLY_PIPELINES_IP_COUNT_WINDOW_ALLOWED_LATENESS",
                "TALLY_PIPELINES_CLICKS_KAFKA_CONSUMER_MAX_POLL_RECORDS",
                "TALLY_PIPELINES_CLICKS_KAFKA_BOOTSTRAPSERVERS_0",
                "TALLY_PIPELINES_CLICKS_SOURCE_COLUMNS_1",
                "TALLY_PIPELINES_CLICKS_FILTER_0_FIELD",
                "TALLY_PIPELINES_CLICKS_AGGREGATES_HITS_TYPE",
            })
    void areLeftAlone(String variable) {
        assertThat(variables.of(List.of(variable))).isEmpty();
    }

    @Test
    void areWarnedOfAtStart(CapturedOutput output) {
        new ApplicationContextRunner()
                .withPropertyValues(
                        "tally.pipelines.clicks.source.topic=a",
                        "tally.pipelines.clicks.source.columns=x",
                        "tally.pipelines.clicks.sink.topic=b",
                        "tally.pipelines.clicks.window.size=1s")
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .replace(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                new SystemEnvironmentPropertySource(
                                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                        Map.of("TALLY_PIPELINES_CLICKS_LANE", "not-told", "TALLY_HOME", "x"))))
                .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class, SslAutoConfiguration.class))
                .withUserConfiguration(PropertiesConfiguration.class)
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(output.getAll().lines().filter(line -> line.contains("environment variable")))
                .singleElement()
                .asString()
                .contains("WARN", "TALLY_PIPELINES_CLICKS_LANE has no effect", "tally.pipelines.clicks.lanes");
        assertThat(output).doesNotContain("not-told");
    }
}
