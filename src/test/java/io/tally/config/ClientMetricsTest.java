package io.tally.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tally.kafka.client.ClientListeners;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.mock.env.MockEnvironment;

class ClientMetricsTest {
    private final StaticListableBeanFactory beans = new StaticListableBeanFactory();
    private final MockEnvironment environment = new MockEnvironment();

    @Test
    void areBoundUnlessTheyAreSwitchedOff() {
        beans.addBean("registry", new SimpleMeterRegistry());
        assertThat(listeners().consumers()).hasSize(1);
        assertThat(listeners().producers()).hasSize(1);

        environment.setProperty(PipelinesConfiguration.CLIENT_METRICS, "false");
        assertThat(listeners().consumers()).isEmpty();
        assertThat(listeners().producers()).isEmpty();
    }

    @Test
    void needARegistry() {
        assertThat(listeners().consumers()).isEmpty();
    }

    private ClientListeners listeners() {
        return new PipelinesConfiguration().clientListeners(beans.getBeanProvider(MeterRegistry.class), environment);
    }
}
