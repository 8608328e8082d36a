package io.tally.command;

import io.tally.command.frame.PipelineAccess;
import io.tally.config.PipelineDefinitions;
import io.tally.config.client.PipelineClients;
import io.tally.kafka.client.ClientSettings;
import io.tally.kafka.log.AskAgain;
import io.tally.kafka.log.KafkaClusterReader;
import io.tally.kafka.log.KafkaLogReader;
import io.tally.kafka.log.KafkaLogWriter;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.LogWriter;
import io.tally.plan.PipelineDefinition;
import io.tally.plan.cluster.ClusterReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurationExcludeFilter;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;

/**
 * The application as far as a command needs it: configuration and users' functions, but no web server, no metrics and
 * no pipeline at work. Beans are made when they are asked for.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@ComponentScan(
        basePackages = "io.tally",
        resourcePattern = "**/*Configuration.class",
        excludeFilters = {
            @ComponentScan.Filter(type = FilterType.CUSTOM, classes = TypeExcludeFilter.class),
            @ComponentScan.Filter(type = FilterType.CUSTOM, classes = AutoConfigurationExcludeFilter.class),
            @ComponentScan.Filter(
                    type = FilterType.REGEX,
                    pattern = "io\\.tally\\.(config\\.PipelinesConfiguration|(observe|page)\\..*)")
        })
class CommandContext {
    /**
     * Settings that differ from the service's, unless the command line has them. The result has what a user should
     * know, and what stops a start is an error, so nothing else is logged. The health groups name parts that are not
     * here.
     */
    private static final Map<String, String> DEFAULTS = Map.of(
            "logging.level.root", "ERROR",
            "logging.level.org.apache.kafka", "OFF",
            "management.endpoint.health.validate-group-membership", "false");

    /** Makes these beans at the start, which then says what is wrong with them. */
    @Bean
    static LazyInitializationExcludeFilter madeAtStart() {
        return LazyInitializationExcludeFilter.forBeanTypes(PipelineDefinitions.class, PipelineClients.class);
    }

    /** What the configuration says. */
    record Configured(PipelineDefinitions pipelines, PipelineClients clients) {
        /**
         * The way to the clusters.
         *
         * @param name what clients are called
         * @param told gets a sentence when there is no answer yet
         */
        PipelineAccess access(String name, Consumer<String> told) {
            AskAgain again = AskAgain.forPeople(told);
            return new PipelineAccess() {
                @Override
                public ClientSettings clients(PipelineDefinition pipeline) {
                    return clients.clients(pipeline.name());
                }

                @Override
                public boolean startsAtEnd(PipelineDefinition pipeline) {
                    return clients.of(pipeline.name()).startAtEnd();
                }

                @Override
                public LogReader log(PipelineDefinition pipeline) {
                    return new KafkaLogReader(clients(pipeline), name, again);
                }

                @Override
                public LogWriter writer(PipelineDefinition pipeline, String transactionalId) {
                    return new KafkaLogWriter(
                            clients(pipeline), transactionalId, name, UnaryOperator.identity(), again);
                }

                @Override
                public ClusterReader cluster(PipelineDefinition pipeline) {
                    return new KafkaClusterReader(clients(pipeline), name, again);
                }
            };
        }
    }

    /**
     * Reads the configuration as the service would.
     *
     * @param properties as on the service's command line
     * @throws RuntimeException if it is wrong; that has been said in the log then
     */
    static Configured read(List<String> properties) {
        SpringApplication application = new SpringApplication(CommandContext.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setLazyInitialization(true);
        application.setLogStartupInfo(false);
        application.setRegisterShutdownHook(false);
        List<String> arguments = new ArrayList<>(properties);
        DEFAULTS.forEach((name, value) -> {
            if (properties.stream().noneMatch(given -> given.startsWith("--" + name + "="))) {
                arguments.add("--" + name + "=" + value);
            }
        });
        try (ConfigurableApplicationContext context = application.run(arguments.toArray(new String[0]))) {
            return new Configured(context.getBean(PipelineDefinitions.class), context.getBean(PipelineClients.class));
        }
    }
}
