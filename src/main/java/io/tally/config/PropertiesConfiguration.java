package io.tally.config;

import io.tally.config.client.InstanceId;
import io.tally.config.client.PipelineClients;
import io.tally.config.problem.InvalidConfigurationException;
import io.tally.config.problem.KnownProperties;
import io.tally.config.problem.MisspeltVariables;
import io.tally.config.problem.Problems;
import io.tally.config.problem.ReportingBinding;
import io.tally.config.property.ClusterProperties;
import io.tally.config.property.TallyProperties;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.ClassUtils;

/**
 * The meaning of the configuration, as beans. Each is either complete and sound, or stops the start with an
 * explanation.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TallyProperties.class)
public class PropertiesConfiguration {
    private static final Logger log = LoggerFactory.getLogger(PropertiesConfiguration.class);
    private static final String TRACER = "io.micrometer.tracing.Tracer";
    /** The most that OpenTelemetry keeps by default. */
    private static final int MOST_LINKS = 128;

    /** Static, because it takes part in the binding of all properties, before other beans are made. */
    @Bean
    static ReportingBinding<TallyProperties> tallyPropertiesBinding(
            Environment environment, ListableBeanFactory beans) {
        CustomFunctions customs = new CustomFunctions(beans);
        return new ReportingBinding<>(
                TallyProperties.class, (properties, problems) -> check(properties, customs, problems), environment);
    }

    private static void check(TallyProperties properties, CustomFunctions customs, Problems problems) {
        String instanceId = properties.instanceId();
        if (instanceId != null && !InstanceId.isValid(instanceId)) {
            problems.add(
                    "tally.instance-id",
                    instanceId,
                    "must be 1 to 100 letters, digits, dots, underscores and hyphens",
                    "tally-0");
        }
        check(properties.tracing(), problems);
        PipelineDefinitions.read(properties, customs, problems);
    }

    private static void check(TallyProperties.TracingProperties tracing, Problems problems) {
        Ranges.check("tally.tracing.links", tracing.links(), 0, MOST_LINKS, "8", problems);
        if (tracing.enabled() && !ClassUtils.isPresent(TRACER, null)) {
            problems.add(
                    "tally.tracing.enabled",
                    true,
                    "needs a tracing library on the class path, which there is not: add for example"
                            + " org.springframework.boot:spring-boot-starter-opentelemetry",
                    "false");
        }
    }

    @Bean
    PipelineDefinitions pipelineDefinitions(
            TallyProperties properties, ListableBeanFactory beans, ConfigurableEnvironment environment) {
        new MisspeltVariables(
                        new KnownProperties("tally", TallyProperties.class),
                        properties.pipelines().keySet())
                .of(variables(environment))
                .forEach(log::warn);
        // Without problems by now, since the binding has already read it.
        PipelineDefinitions definitions =
                PipelineDefinitions.read(properties, new CustomFunctions(beans), new Problems());
        definitions.forEach(
                pipeline -> pipeline.warnings().forEach(text -> log.warn("Pipeline {}: {}.", pipeline.name(), text)));
        return definitions;
    }

    /** Names of the environment variables. */
    private static List<String> variables(ConfigurableEnvironment environment) {
        PropertySource<?> source =
                environment.getPropertySources().get(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        return source instanceof EnumerablePropertySource<?> all ? List.of(all.getPropertyNames()) : List.of();
    }

    @Bean
    PipelineClients pipelineClients(
            TallyProperties tally,
            KafkaProperties properties,
            KafkaConnectionDetails connection,
            ObjectProvider<SslBundles> bundles,
            Environment environment)
            throws InvalidConfigurationException {
        Map<String, ClusterProperties> own = new LinkedHashMap<>();
        tally.pipelines().forEach((name, pipeline) -> {
            if (pipeline.enabled()) {
                own.put(name, pipeline.kafka());
            }
        });
        return PipelineClients.read(properties, connection, own, bundles.getIfAvailable(), environment);
    }

    @Bean
    InstanceId instanceId(TallyProperties properties) {
        return instanceId(properties, Path.of(System.getProperty("java.io.tmpdir")));
    }

    public static InstanceId instanceId(TallyProperties properties, Path directory) {
        String given = properties.instanceId();
        if (given != null) {
            return InstanceId.of(given);
        }
        try {
            return InstanceId.ofSlot(hostName(), directory);
        } catch (IllegalStateException e) {
            Problems problems = new Problems();
            problems.add("tally.instance-id", null, String.valueOf(e.getMessage()), "tally-0");
            throw problems.failure();
        }
    }

    /** The name from the environment first: containers set it, and it needs no name service. */
    private static String hostName() {
        for (String variable : new String[] {"HOSTNAME", "COMPUTERNAME"}) {
            String name = System.getenv(variable);
            if (name != null && !name.isBlank()) {
                return name;
            }
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
