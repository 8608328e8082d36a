package io.tally.process;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * A proxy between clients and a broker. It does to requests of one kind what a bad network does: it holds replies back,
 * or silently loses a request or a reply. On TCP that means that the connection is dead, but nobody says so.
 */
final class KafkaProxy implements AutoCloseable {
    /** What happens to a request of the kind in question. */
    enum Fault {
        NONE,
        /** The broker does it; the answer comes too late. */
        HOLD_REPLY,
        /** The broker does it; neither the answer nor anything behind it comes. */
        LOSE_REPLY,
        /** Neither the request nor anything behind it arrives. */
        LOSE_REQUEST
    }

    private final ApiKeys kind;
    private final Duration hold;
    private final int brokerPort;
    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger faults = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private volatile Fault fault = Fault.NONE;
    private volatile boolean closed;

    KafkaProxy(ApiKeys kind, Duration hold, int brokerPort) {
        this.kind = kind;
        this.hold = hold;
        this.brokerPort = brokerPort;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread("accept", this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** The next so many requests of the kind meet this fault. */
    void next(int requests, Fault next) {
        fault = next;
        done.set(0);
        faults.set(requests);
    }

    /** How many requests met the fault since it was set. */
    int done() {
        return done.get();
    }

    private void accept() throws IOException {
        while (!closed) {
            Socket client = server.accept();
            sockets.add(client);
            thread("connection", () -> connect(client));
        }
    }

    private void connect(Socket client) throws IOException {
        // Closed with the client if the broker is not there, as the broker's own port would be.
        try (client;
                Socket broker = new Socket(InetAddress.getLoopbackAddress(), brokerPort)) {
            client.setTcpNoDelay(true);
            broker.setTcpNoDelay(true);
            sockets.add(broker);
            Connection connection = new Connection(client, broker);
            thread("replies", connection::replies);
            connection.requests();
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private void thread(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (SocketException | EOFException e) {
                        // A side hung up, or the proxy was closed.
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                "proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private final class Connection {
        private final Socket client;
        private final Socket broker;
        /** Replies that meet a fault, by correlation id. */
        private final Map<Integer, Fault> marked = new ConcurrentHashMap<>();

        private volatile boolean dead;

        Connection(Socket client, Socket broker) {
            this.client = client;
            this.broker = broker;
        }

        void requests() throws IOException {
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(broker.getOutputStream());
            while (true) {
                byte[] frame = frame(in);
                ByteBuffer header = ByteBuffer.wrap(frame);
                if (header.getShort(0) == kind.id && faults.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                    done.incrementAndGet();
                    if (fault == Fault.LOSE_REQUEST) {
                        dead = true;
                    } else {
                        marked.put(header.getInt(4), fault);
                    }
                }
                if (!dead) {
                    write(out, frame);
                }
            }
        }

        void replies() throws IOException {
            try (client;
                    broker) {
                DataInputStream in = new DataInputStream(broker.getInputStream());
                DataOutputStream out = new DataOutputStream(client.getOutputStream());
                while (true) {
                    byte[] frame = frame(in);
                    Fault met = marked.remove(ByteBuffer.wrap(frame).getInt(0));
                    if (met == Fault.HOLD_REPLY) {
                        hold();
                    } else if (met == Fault.LOSE_REPLY) {
                        dead = true;
                    }
                    if (!dead) {
                        write(out, frame);
                    }
                }
            }
        }

        /** The fault itself, not a wait for something. */
        private void hold() {
            long until = System.nanoTime() + hold.toNanos();
            while (System.nanoTime() < until) {
                LockSupport.parkNanos(until - System.nanoTime());
            }
        }

        private static byte[] frame(DataInputStream in) throws IOException {
            byte[] frame = new byte[in.readInt()];
            in.readFully(frame);
            return frame;
        }

        private static void write(DataOutputStream out, byte[] frame) throws IOException {
            ByteBuffer framed = ByteBuffer.allocate(Integer.BYTES + frame.length);
            framed.putInt(frame.length).put(frame);
            out.write(framed.array());
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
