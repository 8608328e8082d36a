package io.tally.demo;

import io.tally.page.CheckedConfiguration;
import io.tally.process.ChildProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Tally in a process of its own, which can be killed. */
final class DemoWorker {
    private final ChildProcess process;
    private final int port;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

    private DemoWorker(ChildProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts it.
     *
     * @param main the class whose main method runs it
     * @param verdict file with the line that its page shows
     * @param log file that its output is appended to
     * @param arguments those of the demo
     */
    static DemoWorker start(Class<?> main, String broker, int port, Path verdict, Path log, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                // It does not live long, so most of its work would be the optimizing compiler's.
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                ChildProcess.classPath(),
                main.getName(),
                "--" + CheckedConfiguration.FILE + "=" + verdict,
                "--spring.kafka.bootstrap-servers=" + broker,
                // Not that of another process of this host, since none is asked for a free one while it is dead.
                "--tally.instance-id=demo",
                // Its keys and values are made up.
                "--tally.page.values=show",
                "--server.port=" + port));
        arguments.stream()
                .filter(argument -> !argument.startsWith("--server.port="))
                .forEach(command::add);
        return new DemoWorker(ChildProcess.java(log, command), port);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Whether it works on all partitions. */
    boolean isAtWork() throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/tally"))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            String answer =
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            return answer.split("\"phase\":\"ACTIVE\"", -1).length > DemoBroker.PARTITIONS;
        } catch (IOException e) {
            return false;
        }
    }

    /** SIGKILL: nothing of it gets to say goodbye. */
    void kill() {
        process.kill();
    }

    String output() {
        return process.output();
    }
}
