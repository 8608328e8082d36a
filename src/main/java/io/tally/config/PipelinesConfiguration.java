package io.tally.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.tally.config.client.InstanceId;
import io.tally.config.client.PipelineClients;
import io.tally.kafka.PipelineManager;
import io.tally.kafka.client.ClientListeners;
import io.tally.pipeline.status.PipelineEvents;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.kafka.core.MicrometerConsumerListener;
import org.springframework.kafka.core.MicrometerProducerListener;

/** Makes the beans that run the pipelines. */
@Configuration(proxyBeanMethods = false)
class PipelinesConfiguration {
    static final String CLIENT_METRICS = "management.metrics.enable.kafka";

    @Bean
    PipelineManager pipelineManager(
            PipelineDefinitions definitions,
            InstanceId instance,
            PipelineClients clients,
            ClientListeners listeners,
            ObjectProvider<PipelineEvents> events) {
        return new PipelineManager(
                definitions.enabled().stream()
                        .flatMap(definition ->
                                definition
                                        .on(
                                                instance.value(),
                                                clients.of(definition.name()).startAtEnd())
                                        .stream())
                        .toList(),
                pipeline -> clients.clients(pipeline.spec().name()),
                listeners,
                PipelineEvents.all(events.orderedStream().toList()));
    }

    /**
     * Lets pipelines begin before most of the application is made, which takes longer than the parts that they need.
     */
    @Bean
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    EarlyBeginning earlyBeginning(ObjectProvider<PipelineManager> pipelines, Environment environment) {
        return new EarlyBeginning(
                () -> pipelines.getObject().begin(),
                environment.getProperty("management.server.port", Integer.class, EarlyBeginning.NO_PORT));
    }

    /**
     * The clients' own metrics, as Boot binds them for the clients that it makes itself. If Boot's switch leaves them
     * out, they are not bound at all, since each client would have a thread that looks for new ones.
     */
    @Bean
    ClientListeners clientListeners(ObjectProvider<MeterRegistry> meters, Environment environment) {
        MeterRegistry registry = meters.getIfUnique();
        return registry == null || !environment.getProperty(CLIENT_METRICS, Boolean.class, true)
                ? ClientListeners.NONE
                : new ClientListeners(
                        List.of(new MicrometerConsumerListener<>(registry)),
                        List.of(new MicrometerProducerListener<>(registry)));
    }
}
