package io.tally.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Lets the pipelines begin while the web server is made, which is the first thing that an application makes.
 *
 * <p>They do not if its port is taken: this process is then about to fail, and may be a second one with the instance id
 * of the first. It must not take that one's place in the meantime. The pipelines then begin last, if at all.
 */
final class EarlyBeginning implements WebServerFactoryCustomizer<AbstractConfigurableWebServerFactory>, Ordered {
    static final int NO_PORT = -1;

    private final Runnable begin;
    private final int otherPort;
    private final AtomicBoolean asked = new AtomicBoolean();

    /** @param otherPort one more port that must be free; not above 0 if there is none */
    EarlyBeginning(Runnable begin, int otherPort) {
        this.begin = begin;
        this.otherPort = otherPort;
    }

    /** When its port and address are set. A second web server, for the management port, changes nothing any more. */
    @Override
    public void customize(AbstractConfigurableWebServerFactory factory) {
        if (asked.compareAndSet(false, true)
                && isFree(factory.getAddress(), factory.getPort())
                && isFree(null, otherPort)) {
            begin.run();
        }
    }

    private static boolean isFree(@Nullable InetAddress address, int port) {
        if (port <= 0) {
            return true;
        }
        try (ServerSocket socket = new ServerSocket()) {
            // As the web server does: connections of a process before must not count.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }
}
