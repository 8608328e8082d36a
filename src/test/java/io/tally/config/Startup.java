package io.tally.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Starts the configuration as an application, without anything that talks to a broker. */
public final class Startup {
    /** The shortest configuration that is sound. */
    public static final String MINIMAL = """
            tally:
              pipelines:
                clicks:
                  source: {topic: clicks, columns: [user, url]}
                  window: {size: 1m}
                  sink: {topic: clicks-per-minute}
            """;

    private Startup() {}

    /** Starts with the packaged configuration and these arguments, and hands over the context. */
    public static void packaged(Consumer<ConfigurableApplicationContext> then, String... arguments) {
        try (ConfigurableApplicationContext context = application().run(arguments)) {
            then.accept(context);
        }
    }

    /** Starts with nothing but this YAML and these arguments. */
    public static void yaml(String yaml, Consumer<ConfigurableApplicationContext> then, String... arguments) {
        packaged(then, alone(yaml, arguments));
    }

    /** Starts with nothing but this YAML and these arguments, fails, and returns the report that was printed. */
    public static String failure(CapturedOutput output, String yaml, String... arguments) {
        return packagedFailure(output, alone(yaml, arguments));
    }

    /** Starts with the packaged configuration and these arguments, fails, and returns the report that was printed. */
    public static String packagedFailure(CapturedOutput output, String... arguments) {
        int before = output.getAll().length();
        try {
            application().run(arguments).close();
        } catch (RuntimeException e) {
            String log = output.getAll().substring(before);
            int report = log.indexOf("APPLICATION FAILED TO START");
            if (report < 0) {
                throw new AssertionError("no report in: " + log, e);
            }
            return log.substring(report);
        }
        throw new AssertionError("started");
    }

    private static String[] alone(String yaml, String... arguments) {
        try {
            Path file = Files.createTempFile("tally", ".yml");
            file.toFile().deleteOnExit();
            Files.writeString(file, yaml);
            return Stream.concat(Stream.of("--spring.config.location=file:" + file), Stream.of(arguments))
                    .toArray(String[]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SpringApplication application() {
        SpringApplication application = new SpringApplication(Wiring.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setRegisterShutdownHook(false);
        return application;
    }

    @Configuration(proxyBeanMethods = false)
    @Import(PropertiesConfiguration.class)
    @ImportAutoConfiguration({KafkaAutoConfiguration.class, SslAutoConfiguration.class})
    static class Wiring {}
}
