package io.tally.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * The demo whose worker is killed: {@code --demo.kill=5s}. This process has the broker, the source and an independent
 * count of it. Tally runs in a process of its own, which is killed (SIGKILL) when it has worked for about so long, and
 * started again. Page and console say how many rows were compared, and how many were wrong.
 */
public final class KillDemo {
    /** The property that asks for it. */
    public static final String PROPERTY = "demo.kill";

    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration SAY = Duration.ofSeconds(5);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final Path LOG = Path.of("target", "demo-worker.log");

    private final Class<?> main;
    private final DemoBroker broker;
    private final List<String> arguments;
    private final StandardEnvironment environment = new StandardEnvironment();
    private final Duration interval;
    private final int port;
    private final Path verdict;
    private final Recount recount;
    private final Random random = new Random();
    private int kills;
    private volatile boolean ending;
    private long said = System.nanoTime();

    /**
     * Reads the arguments.
     *
     * @param main the class whose main method runs a worker
     * @param arguments those of the command line
     */
    public KillDemo(Class<?> main, DemoBroker broker, List<String> arguments) {
        this.main = main;
        this.broker = broker;
        this.arguments = arguments;
        environment
                .getPropertySources()
                .addFirst(new SimpleCommandLinePropertySource(arguments.toArray(String[]::new)));
        ConfigurationPropertySources.attach(environment);
        interval = DurationStyle.detectAndParse(environment.getProperty(PROPERTY, "5s"), ChronoUnit.SECONDS);
        port = environment.getProperty("server.port", Integer.class, 8080);
        recount = new Recount(broker.address());
        try {
            verdict = Files.createTempFile("tally-demo", ".txt");
            Files.deleteIfExists(LOG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs until the process ends. */
    public void run() throws InterruptedException {
        System.out.printf("""
                Tally runs in a process of its own, which is killed (SIGKILL) once it has worked for some %d s, and started again.
                Its page comes back each time. Stop with Ctrl-C. What Tally says is in %s.

                """, interval.toSeconds(), LOG);
        DemoProperties properties = Binder.get(environment).bindOrCreate("demo", DemoProperties.class);
        DemoSource source = new DemoSource(properties, broker.address());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(source)));
        source.start();
        recount.start();
        while (!ending) {
            DemoWorker worker = DemoWorker.start(main, broker.address(), port, verdict, LOG, arguments);
            awaitWork(worker);
            // Not always at the same point of a transaction.
            long life = (long) (interval.toMillis() * (0.5 + random.nextDouble()));
            for (long end = System.nanoTime() + life * 1_000_000; System.nanoTime() < end; ) {
                pause(worker);
            }
            worker.kill();
            if (!ending) {
                kills++;
                say("killed");
            }
        }
    }

    private void awaitWork(DemoWorker worker) throws InterruptedException {
        long began = System.nanoTime();
        while (!worker.isAtWork()) {
            pause(worker);
        }
        say(String.format("works after %.1f s", (System.nanoTime() - began) / 1e9));
    }

    private void pause(DemoWorker worker) throws InterruptedException {
        if (!worker.isAlive() && !ending) {
            System.out.println("Tally has ended by itself:\n" + worker.output());
            System.exit(1);
        }
        write();
        if (System.nanoTime() - said > SAY.toNanos()) {
            say("");
        }
        Thread.sleep(LOOK.toMillis());
    }

    private void say(String what) {
        said = System.nanoTime();
        System.out.printf("%s  %-18s %s%n", TIME.format(LocalTime.now()), what, line());
    }

    private String line() {
        return recount.verdict() + "; kills: " + kills;
    }

    /** As a whole: the worker's page must not read half a line. */
    private void write() {
        if (ending) {
            return;
        }
        try {
            Path fresh = verdict.resolveSibling(verdict.getFileName() + ".new");
            Files.writeString(fresh, line());
            Files.move(fresh, verdict, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void end(DemoSource source) {
        ending = true;
        System.out.println("At the end: " + line() + ".");
        source.close();
        recount.close();
        broker.stop();
        try {
            Files.deleteIfExists(verdict);
        } catch (IOException e) {
            System.out.println("A temporary file is left behind: " + verdict);
        }
    }
}
