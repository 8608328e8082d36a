package io.tally;

import io.tally.command.Commands;
import io.tally.command.frame.ExitCode;
import java.io.PrintStream;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationExcludeFilter;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.boot.persistence.autoconfigure.PersistenceExceptionTranslationAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.MultipartAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;

/**
 * Tally: exactly-once windowed aggregation from Kafka topics to Kafka topics, as one Spring Boot service.
 *
 * <p>The annotations do what {@code @SpringBootApplication} does, but look only at classes named
 * {@code ...Configuration}. Otherwise a start would read every class of Tally to find out that it is no component. What
 * comes with the libraries but has no use here is left out: nobody uploads files, and no bean is called in a
 * transaction or speaks to a database.
 */
@SpringBootConfiguration
@EnableAutoConfiguration(
        exclude = {
            MultipartAutoConfiguration.class,
            PersistenceExceptionTranslationAutoConfiguration.class,
            TransactionAutoConfiguration.class,
            TransactionManagerCustomizationAutoConfiguration.class
        })
@ComponentScan(
        resourcePattern = "**/*Configuration.class",
        excludeFilters = {
            @ComponentScan.Filter(type = FilterType.CUSTOM, classes = TypeExcludeFilter.class),
            @ComponentScan.Filter(type = FilterType.CUSTOM, classes = AutoConfigurationExcludeFilter.class)
        })
public class TallyApplication {
    /** Runs the service, or the command that the first argument names. */
    public static void main(String[] args) {
        if (Commands.areFor(args)) {
            System.exit(command(List.of(args)).number());
        }
        SpringApplication.run(TallyApplication.class, args);
    }

    /** Standard output is for the command's result alone; what else is printed goes to standard error. */
    private static ExitCode command(List<String> args) {
        PrintStream out = System.out;
        System.setOut(System.err);
        return new Commands(out, System.err).run(args);
    }
}
