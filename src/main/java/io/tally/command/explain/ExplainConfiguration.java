package io.tally.command.explain;

import io.tally.config.PipelineDefinitions;
import io.tally.config.client.PipelineClients;
import io.tally.kafka.log.KafkaLogReader;
import io.tally.pipeline.control.RowExplanations;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Lets the service explain rows, as the command does. */
@Configuration(proxyBeanMethods = false)
class ExplainConfiguration {
    /** As long as a lane may take for a request. */
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    @Bean
    RowExplanations rowExplanations(PipelineDefinitions definitions, PipelineClients clients) {
        return new Explanations(
                definitions.enabled(),
                pipeline -> new KafkaLogReader(clients.clients(pipeline.name()), "explain"),
                DEADLINE);
    }
}
