package io.tally.page;

import io.tally.pipeline.status.PipelineStatus;
import io.tally.pipeline.status.Pipelines;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The page on a web server of its own, with pipelines that a test makes up. */
final class PageServer implements AutoCloseable {
    private final ConfigurableApplicationContext context;

    private PageServer(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static PageServer start(Supplier<List<PipelineStatus>> statuses, String... settings) {
        SpringApplication application = new SpringApplication(Wiring.class);
        application.setRegisterShutdownHook(false);
        application.addInitializers(
                context -> context.getBeanFactory().registerSingleton("pipelines", (Pipelines) statuses::get));
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--server.shutdown=graceful",
                "--spring.lifecycle.timeout-per-shutdown-phase=10m",
                "--spring.config.location=optional:classpath:/none/"));
        arguments.addAll(List.of(settings));
        return new PageServer(application.run(arguments.toArray(String[]::new)));
    }

    URI address(String path) {
        return URI.create("http://localhost:"
                + Objects.requireNonNull(context.getEnvironment().getProperty("local.server.port")) + path);
    }

    Feed feed() {
        return context.getBean(Feed.class);
    }

    PageEvents events() {
        return context.getBean(PageEvents.class);
    }

    @Override
    public void close() {
        context.close();
    }

    @Configuration(proxyBeanMethods = false)
    @Import(PageConfiguration.class)
    @ImportAutoConfiguration({
        TomcatServletWebServerAutoConfiguration.class,
        DispatcherServletAutoConfiguration.class,
        WebMvcAutoConfiguration.class
    })
    static class Wiring {}
}
