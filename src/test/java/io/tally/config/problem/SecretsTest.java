package io.tally.config.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.config.Startup;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class SecretsTest {
    private static final String NEEDLE = "n33dle";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sasl.jaas.config",
                "sasl.jas.config",
                "sasl.password",
                "ssl.keystore.key",
                "ssl.truststore.pasword",
                "ssl.key.password",
            })
    void areNotShown(String name) {
        assertThat(Secrets.isSecret("tally.pipelines.p.kafka.properties[" + name + "]"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tally.pipelines.p.kafka.properties[sasl.mechanism]",
                "tally.pipelines.p.kafka.security.protocol",
                "tally.pipelines.p.kafka.ssl.bundle",
                "tally.pipelines.p.key.fields",
                "spring.kafka.consumer.auto-offset-reset",
            })
    void othersAre(String property) {
        assertThat(Secrets.isSecret(property)).isFalse();
    }

    /** Mistakes with secrets, each of which refuses the start. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--tally.pipelines.clicks.kafka.properties[sasl.jas.config]=" + NEEDLE,
                "--tally.pipelines.clicks.kafka.password=" + NEEDLE,
                "--tally.pipelines.clicks.kafka.properties[sasl.jaas.config]=" + NEEDLE,
                "--tally.pipelines.clicks.kafka.properties[sasl.jaas.config]=a.B required password=x " + NEEDLE + ";",
                "--spring.kafka.properties[sasl.jaas.config]=a.B " + NEEDLE + " user=x;",
                "--spring.kafka.properties[sasl.jaas.config]=a.B required user=x",
            })
    void areNotInARefusal(String argument, CapturedOutput output) {
        assertThat(Startup.failure(output, Startup.MINIMAL, argument)).contains("has a problem:", "Property: ");
        assertThat(output).doesNotContain(NEEDLE);
    }
}
