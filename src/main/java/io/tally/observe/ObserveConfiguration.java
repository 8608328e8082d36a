package io.tally.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.tally.pipeline.control.PipelineControls;
import io.tally.pipeline.status.PipelineEvents;
import io.tally.pipeline.status.Pipelines;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the pipelines visible. The names of the health beans are those of the health groups in application.yml. */
@Configuration(proxyBeanMethods = false)
class ObserveConfiguration {
    @Bean
    PipelineEvents pipelineEvents(MeterRegistry registry) {
        return new MicrometerEvents(registry);
    }

    @Bean
    PartitionPhaseMeters partitionPhaseMeters(Pipelines pipelines) {
        return new PartitionPhaseMeters(pipelines);
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
    TallyEndpoint tallyEndpoint(Pipelines pipelines, PipelineControls controls) {
        return new TallyEndpoint(pipelines, controls);
    }
}
