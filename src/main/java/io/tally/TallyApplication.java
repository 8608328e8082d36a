package io.tally;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationExcludeFilter;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;

/**
 * Tally: exactly-once windowed aggregation from Kafka topics to Kafka topics, as one Spring Boot service.
 *
 * <p>The annotations do what {@code @SpringBootApplication} does, but look only at classes named
 * {@code ...Configuration}. Otherwise a start would read every class of Tally to find out that it is no component.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@ComponentScan(
        resourcePattern = "**/*Configuration.class",
        excludeFilters = {
            @ComponentScan.Filter(type = FilterType.CUSTOM, classes = TypeExcludeFilter.class),
            @ComponentScan.Filter(type = FilterType.CUSTOM, classes = AutoConfigurationExcludeFilter.class)
        })
public class TallyApplication {
    public static void main(String[] args) {
        SpringApplication.run(TallyApplication.class, args);
    }
}
