package io.tally.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.tally.pipeline.control.PipelineControls;
import io.tally.pipeline.control.RowExplanations;
import io.tally.pipeline.status.PipelineEvents;
import io.tally.pipeline.status.Pipelines;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the pipelines visible. The names of the health beans are those of the health groups in application.yml. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TallyEndpointProperties.class)
class ObserveConfiguration {
    @Bean
    LatestStatuses latestStatuses(ObjectProvider<Pipelines> pipelines) {
        return new LatestStatuses(pipelines::getObject, System::nanoTime);
    }

    @Bean
    PipelineEvents pipelineEvents(MeterRegistry registry, LatestStatuses statuses) {
        return new MicrometerEvents(registry, statuses);
    }

    @Bean
    PipelineMeters pipelineMeters(Pipelines pipelines, LatestStatuses statuses) {
        return new PipelineMeters(pipelines, statuses, Runtime.getRuntime().maxMemory());
    }

    @Bean
    PipelinesHealthIndicator pipelinesHealthIndicator(Pipelines pipelines) {
        return new PipelinesHealthIndicator(pipelines, Clock.systemUTC());
    }

    @Bean
    LanesHealthIndicator lanesHealthIndicator(Pipelines pipelines) {
        return new LanesHealthIndicator(pipelines, Clock.systemUTC());
    }

    @Bean
    PipelinesInfoContributor pipelinesInfoContributor(Pipelines pipelines) {
        return new PipelinesInfoContributor(pipelines);
    }

    @Bean
    TallyEndpoint tallyEndpoint(
            Pipelines pipelines,
            PipelineControls controls,
            RowExplanations explanations,
            TallyEndpointProperties properties) {
        return new TallyEndpoint(pipelines, controls, explanations, properties, Clock.systemUTC());
    }
}
