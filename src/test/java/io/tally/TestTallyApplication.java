package io.tally;

import io.tally.demo.DemoBroker;
import io.tally.demo.DemoConfiguration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;

/**
 * Tally with everything around it that a first look needs: a broker in this process, the topics, a source of log lines
 * and a reader of the results. Started by {@code ./mvnw spring-boot:test-run}; nothing has to be installed or running.
 *
 * <p>Arguments are passed on, so {@code -Dspring-boot.run.arguments="--demo.rate=500
 * --tally.pipelines.ip-count.lanes=2"} works.
 */
public class TestTallyApplication {
    public static void main(String[] args) {
        DemoBroker broker = DemoBroker.start();
        List<String> arguments = new ArrayList<>(List.of(args));
        arguments.add(0, "--spring.kafka.bootstrap-servers=" + broker.address());
        // Say at once what is being tried, and keep the reader's eye on the results.
        arguments.add(1, "--logging.level.io.tally=INFO");
        arguments.add(2, "--spring.main.log-startup-info=false");
        SpringApplication.from(TallyApplication::main)
                .with(DemoConfiguration.class)
                .run(arguments.toArray(new String[0]));
    }
}
