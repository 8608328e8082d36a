package io.tally;

import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;

/** The whole application in the process of the test, as its main method starts it. */
public final class InProcess {
    private InProcess() {}

    /**
     * Starts it at a free port of the loopback interface, without the packaged pipeline.
     *
     * @param arguments as on the command line
     */
    public static ConfigurableApplicationContext run(String... arguments) {
        return run(context -> {}, arguments);
    }

    /** The same, with something that the test adds before any bean is made. */
    public static ConfigurableApplicationContext run(
            ApplicationContextInitializer<ConfigurableApplicationContext> addition, String... arguments) {
        List<String> all = new ArrayList<>(
                List.of("--server.port=0", "--server.address=127.0.0.1", "--tally.pipelines.ip-count.enabled=false"));
        all.addAll(List.of(arguments));
        SpringApplication application = new SpringApplication(TallyApplication.class);
        application.setRegisterShutdownHook(false);
        application.addInitializers(
                context -> context.getBeanFactory().registerSingleton("withoutTests", new WithoutTests()));
        application.addInitializers(addition);
        return application.run(all.toArray(String[]::new));
    }

    /** Some tests have configurations of their own, in the packages that the application scans. */
    @SuppressWarnings("EqualsHashCode") // the one of the filters that it takes part in
    private static final class WithoutTests extends TypeExcludeFilter {
        @Override
        public boolean match(MetadataReader reader, MetadataReaderFactory factory) {
            return reader.getAnnotationMetadata().isAnnotated(TestConfiguration.class.getName());
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof WithoutTests;
        }

        @Override
        public int hashCode() {
            return WithoutTests.class.hashCode();
        }
    }
}
