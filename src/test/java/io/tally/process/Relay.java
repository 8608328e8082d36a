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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A relay between an instance's clients and a broker that knows requests and replies of Kafka's protocol apart. It does
 * what a bad network does: it loses, delays and holds them, freezes one direction or both, and resets connections. On
 * TCP a lost frame means that the connection is dead, but nobody says so.
 */
public final class Relay implements AutoCloseable {
    private final int brokerPort;
    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<Trap> traps = new CopyOnWriteArrayList<>();
    private final Gate toBroker = new Gate();
    private final Gate toClient = new Gate();
    private volatile boolean closed;

    /** A direction. */
    public static final class Gate {
        private boolean shut;

        public synchronized void shut() {
            shut = true;
        }

        public synchronized void open() {
            shut = false;
            notifyAll();
        }

        private synchronized void pass() throws IOException {
            while (shut) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException(e);
                }
            }
        }
    }

    public Relay(int brokerPort) {
        this.brokerPort = brokerPort;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread("accept", this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    public void set(Trap trap) {
        traps.add(trap);
    }

    public void remove(Trap trap) {
        trap.disarm();
        traps.remove(trap);
    }

    public Gate toBroker() {
        return toBroker;
    }

    public Gate toClient() {
        return toClient;
    }

    /** Connections end with a reset, as when a router forgets them. */
    public void reset() throws IOException {
        for (Socket socket : sockets) {
            if (!socket.isClosed()) {
                socket.setSoLinger(true, 0);
                socket.close();
            }
        }
        sockets.clear();
    }

    private void accept() throws IOException {
        while (!closed) {
            Socket client = server.accept();
            sockets.removeIf(Socket::isClosed);
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

    private static void thread(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (SocketException | EOFException e) {
                        // A side hung up, or the relay was closed.
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                "relay-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private final class Connection {
        private final Socket client;
        private final Socket broker;
        /** Requests whose replies meet a trap, by correlation id. */
        private final Map<Integer, Trap> caught = new ConcurrentHashMap<>();

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
                Trap trap = trap(frame);
                if (trap != null && trap.moment() == Trap.Moment.BEFORE_THE_REQUEST) {
                    spring(trap);
                } else if (trap != null) {
                    caught.put(ByteBuffer.wrap(frame).getInt(4), trap);
                }
                toBroker.pass();
                if (!dead) {
                    write(out, frame);
                }
            }
        }

        private @Nullable Trap trap(byte[] request) {
            for (Trap trap : traps) {
                if (trap.catches(request)) {
                    return trap;
                }
            }
            return null;
        }

        void replies() throws IOException {
            try (client;
                    broker) {
                DataInputStream in = new DataInputStream(broker.getInputStream());
                DataOutputStream out = new DataOutputStream(client.getOutputStream());
                while (true) {
                    byte[] frame = frame(in);
                    Trap trap = caught.remove(ByteBuffer.wrap(frame).getInt(0));
                    if (trap != null && trap.moment() == Trap.Moment.BEFORE_THE_REPLY) {
                        spring(trap);
                    }
                    toClient.pass();
                    if (!dead) {
                        write(out, frame);
                    }
                    if (trap != null && trap.moment() == Trap.Moment.AFTER_THE_REPLY) {
                        spring(trap);
                    }
                }
            }
        }

        private void spring(Trap trap) {
            if (!trap.springs()) {
                return;
            }
            switch (trap.effect()) {
                case LOSE -> dead = true;
                case HOLD -> hold(trap.hold());
                default -> trap.act();
            }
            trap.sprang();
        }

        /** The fault itself, not a wait for something. */
        private static void hold(Duration time) {
            long until = System.nanoTime() + time.toNanos();
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
        toBroker.open();
        toClient.open();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
