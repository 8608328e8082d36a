package io.tally;

import io.tally.config.PipelineDefinitions;
import io.tally.config.client.PipelineClients;
import io.tally.kafka.LaneRehearsal;
import io.tally.plan.KafkaPipeline;
import io.tally.plan.PipelineDefinition;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.web.context.support.StandardServletEnvironment;

/**
 * A start without a broker, for a class archive: the JVM keeps which classes were loaded meanwhile, and starts with
 * them the next time. It runs what a start runs, with the packaged configuration and made-up records, and ends.
 *
 * <p>Nothing of the user's configuration is read, no file is written but the archive, and nothing but this process is
 * asked over the network.
 */
public final class Rehearsal {
    /**
     * Classes that only a broker's answers bring. RestartIT finds those that are missing, and adds them with
     * {@code -Dtally.rehearsal.write=true}.
     */
    private static final String CLASSES = "/rehearsal-classes.txt";

    private static final String INSTANCE = "rehearsal";
    /** The discard port: nobody listens, so that each attempt to connect ends at once. */
    private static final String NO_BROKER = "127.0.0.1:9";

    private static final int RECORDS = 400_000;

    private static final List<String> PAGES = List.of(
            "/actuator/health/readiness",
            "/actuator/health/liveness",
            "/actuator/health",
            "/actuator/tally",
            "/actuator/prometheus",
            "/");

    private Rehearsal() {}

    /** Takes no arguments. Ends with 0, or with a stack trace. */
    public static void main(String[] args) throws Exception {
        try (ConfigurableApplicationContext context = start()) {
            for (PipelineDefinition pipeline :
                    context.getBean(PipelineDefinitions.class).enabled()) {
                new RehearsedPartition(pipeline.spec()).count(RECORDS);
                for (KafkaPipeline stage : pipeline.on(INSTANCE, false)) {
                    LaneRehearsal.run(
                            stage, context.getBean(PipelineClients.class).clients(pipeline.name()));
                }
            }
            int port = Integer.parseInt(
                    Objects.requireNonNull(context.getEnvironment().getProperty("local.server.port")));
            for (String page : PAGES) {
                ask(port, page);
            }
        }
        loadClasses();
        System.exit(0);
    }

    private static ConfigurableApplicationContext start() {
        SpringApplication application = new SpringApplication(TallyApplication.class);
        application.setEnvironment(new OwnEnvironment());
        application.setRegisterShutdownHook(false);
        return application.run(
                "--spring.config.location=classpath:/",
                "--spring.kafka.bootstrap-servers=" + NO_BROKER,
                "--tally.instance-id=" + INSTANCE,
                "--server.port=0",
                "--server.address=127.0.0.1");
    }

    /** Whatever it answers: without a broker some of it is that nothing is ready. */
    private static void ask(int port, String page) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + page).toURL().openConnection();
        connection.setReadTimeout(10_000);
        try (InputStream answer =
                connection.getResponseCode() < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            if (answer != null) {
                answer.readAllBytes();
            }
        }
    }

    private static void loadClasses() throws IOException {
        try (InputStream list = Rehearsal.class.getResourceAsStream(CLASSES);
                BufferedReader names = new BufferedReader(
                        new InputStreamReader(Objects.requireNonNull(list), StandardCharsets.UTF_8))) {
            for (String name = names.readLine(); name != null; name = names.readLine()) {
                load(name);
            }
        }
    }

    /**
     * Loads a class without running its initializers, which may have effects. Another Java may lack some of its own
     * classes.
     */
    private static void load(String name) {
        try {
            Class.forName(name, false, Rehearsal.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            System.err.println(name + ": " + e);
        }
    }

    /** An environment without environment variables and system properties, where settings of the service may be. */
    private static final class OwnEnvironment extends StandardServletEnvironment {
        @Override
        protected void customizePropertySources(MutablePropertySources sources) {
            super.customizePropertySources(sources);
            for (String name :
                    List.of(SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME, SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME)) {
                sources.replace(name, new MapPropertySource(name, Map.of()));
            }
        }
    }
}
