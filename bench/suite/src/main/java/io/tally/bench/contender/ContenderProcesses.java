package io.tally.bench.contender;

import io.tally.bench.ground.Bench;
import io.tally.process.ChildProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The processes of one run of a contender; mostly one. */
public final class ContenderProcesses implements AutoCloseable {
    private final Contender contender;
    private final Contender.Run run;
    /** By instance. */
    private final Map<String, ChildProcess> processes = new LinkedHashMap<>();

    private final List<Viewers> viewers = new ArrayList<>();

    /** Without any, as yet. */
    public ContenderProcesses(Contender contender, Contender.Run run) {
        this.contender = contender;
        this.run = run;
    }

    /** Starts all of them at once. */
    public void start() {
        contender.instances().forEach(this::start);
    }

    /** Starts one; what it says goes to a file of its own. */
    public void start(String instance) {
        List<String> arguments = new ArrayList<>(List.of("-Xmx" + Bench.HEAP));
        arguments.addAll(contender.command().of(run, instance));
        processes.put(instance, ChildProcess.java(run.files(instance, "log"), arguments));
        if (contender.viewers() > 0) {
            viewers.add(Viewers.start(Contender.port(arguments), contender.viewers()));
        }
    }

    /** SIGKILL. */
    public void kill(String instance) {
        processes.remove(instance).kill();
    }

    /** SIGTERM for all, one after the other. */
    public void terminate(Duration patience) {
        processes.values().forEach(process -> process.terminate(patience));
    }

    /** What they have said. */
    public String output() {
        return processes.values().stream().map(ChildProcess::output).collect(Collectors.joining());
    }

    /** @throws IllegalStateException if one has ended by itself, with what it said */
    public void requireAlive() {
        for (ChildProcess process : processes.values()) {
            if (!process.isAlive()) {
                throw new IllegalStateException("it has ended by itself:\n" + process.output());
            }
        }
    }

    /** @throws IllegalStateException if somebody who wanted to watch has seen nothing */
    public void requireWatched() {
        viewers.forEach(Viewers::requireServed);
    }

    /** CPU time of all together. */
    public double cpuSeconds() {
        return processes.values().stream()
                .mapToDouble(process -> ProcessUse.cpuSeconds(process.pid()))
                .sum();
    }

    /** Sum of the most memory that each had at a time. */
    public long peakMebibytes() {
        return processes.values().stream()
                .mapToLong(process -> ProcessUse.peakMebibytes(process.pid()))
                .sum();
    }

    @Override
    public void close() {
        viewers.forEach(Viewers::close);
        processes.values().forEach(ChildProcess::close);
    }
}
