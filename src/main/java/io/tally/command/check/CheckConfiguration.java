package io.tally.command.check;

import io.tally.config.PipelineDefinitions;
import io.tally.config.client.PipelineClients;
import io.tally.kafka.log.KafkaClusterReader;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Lets the service warn of its cluster, as the command does. A command has no web server, and so warns of nothing. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class CheckConfiguration {
    @Bean
    WarningsAtStart warningsAtStart(PipelineClients clients) {
        return new WarningsAtStart(
                pipeline -> clients.clients(pipeline.name()),
                pipeline -> new KafkaClusterReader(clients.clients(pipeline.name()), "check"));
    }

    /** When all else of the start is done, so that it costs the first commit nothing. */
    @Bean
    ApplicationListener<ApplicationReadyEvent> warnWhenStarted(
            WarningsAtStart warnings, PipelineDefinitions definitions) {
        return event -> warnings.start(definitions.enabled());
    }
}
