package io.tally.observe;

import io.micrometer.tracing.Tracer;
import io.tally.pipeline.status.PipelineEvents;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Traces of transactions, if they are switched on; the library for that is not among those that Tally brings. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(Tracer.class)
@ConditionalOnBooleanProperty(name = "tally.tracing.enabled")
class TracingConfiguration {
    @Bean
    PipelineEvents tracingEvents(ObjectProvider<Tracer> tracers, Environment environment) {
        Tracer tracer = tracers.getIfAvailable(() -> Tracer.NOOP);
        if (tracer == Tracer.NOOP) {
            LoggerFactory.getLogger(TracingConfiguration.class)
                    .warn("tally.tracing.enabled is true, but no traces are made: there is no tracer that takes them."
                            + " Add org.springframework.boot:spring-boot-starter-opentelemetry");
        }
        // The configuration's own type is out of reach from here; it has checked the value, and has a default.
        return new TracingEvents(tracer, environment.getProperty("tally.tracing.links", Integer.class, 8));
    }
}
