package io.tally.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;

class EarlyBeginningTest {
    private static final int ANY_FREE = 0;

    private final List<String> begun = new ArrayList<>();

    @Test
    void beginsOnceHoweverManyWebServersThereAre() {
        EarlyBeginning early = early(EarlyBeginning.NO_PORT);

        early.customize(serverAt(ANY_FREE));
        early.customize(serverAt(ANY_FREE));

        assertThat(begun).hasSize(1);
    }

    /** The process will fail for it, and may have the instance id of the one that has the port. */
    @Test
    void doesNotBeginIfAPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            early(EarlyBeginning.NO_PORT).customize(serverAt(taken.getLocalPort()));
            early(taken.getLocalPort()).customize(serverAt(ANY_FREE));

            assertThat(begun).isEmpty();
        }
    }

    private EarlyBeginning early(int otherPort) {
        return new EarlyBeginning(() -> begun.add("begun"), otherPort);
    }

    private static TomcatServletWebServerFactory serverAt(int port) {
        TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory();
        factory.setPort(port);
        return factory;
    }
}
