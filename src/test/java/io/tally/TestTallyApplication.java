package io.tally;

import io.tally.demo.DemoBroker;
import io.tally.demo.DemoConfiguration;
import io.tally.demo.KillDemo;
import io.tally.page.CheckedConfiguration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.SpringApplication;

/**
 * Tally with everything around it that a first look needs: a broker in this process, the topics, a source of log lines
 * and a reader of the results. Started by {@code ./mvnw spring-boot:test-run}; nothing has to be installed or running.
 *
 * <p>Arguments are passed on, so {@code -Dspring-boot.run.arguments="--demo.rate=500
 * --tally.pipelines.ip-count.lanes=2"} works. With {@code --demo.kill=5s} Tally runs in a process of its own, which is
 * killed every few seconds; see {@link KillDemo}.
 */
public class TestTallyApplication {
    public static void main(String[] args) throws InterruptedException {
        if (has(args, CheckedConfiguration.FILE)) {
            SpringApplication.from(TallyApplication::main)
                    .with(CheckedConfiguration.class)
                    .run(args);
            return;
        }
        System.out.println("Open http://localhost:" + port(args) + " in a few seconds, to watch windows close.\n");
        DemoBroker broker = DemoBroker.start();
        if (has(args, KillDemo.PROPERTY)) {
            new KillDemo(TestTallyApplication.class, broker, List.of(args)).run();
            return;
        }
        List<String> arguments = new ArrayList<>(List.of(args));
        arguments.add(0, "--spring.kafka.bootstrap-servers=" + broker.address());
        // Say at once what is being tried, and keep the reader's eye on the results.
        arguments.add(1, "--logging.level.io.tally=INFO");
        arguments.add(2, "--spring.main.log-startup-info=false");
        // The broker is in this process.
        arguments.add(3, "--logging.level.org.apache.kafka=ERROR");
        // Its keys and values are made up.
        arguments.add(4, "--tally.page.values=show");
        SpringApplication.from(TallyApplication::main)
                .with(DemoConfiguration.class)
                .run(arguments.toArray(new String[0]));
    }

    private static boolean has(String[] args, String property) {
        return Arrays.stream(args).anyMatch(argument -> argument.startsWith("--" + property + "="));
    }

    private static String port(String[] args) {
        String option = "--server.port=";
        return Arrays.stream(args)
                .filter(argument -> argument.startsWith(option))
                .map(argument -> argument.substring(option.length()))
                .findFirst()
                .orElse("8080");
    }
}
