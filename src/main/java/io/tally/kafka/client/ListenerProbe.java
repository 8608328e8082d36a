package io.tally.kafka.client;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what listens at the brokers' addresses, by a request in plain text. The clients themselves only say that
 * there was no answer in time.
 *
 * <p>A TLS port answers a client without TLS with an alert. The client reads it as the length of a message and
 * allocates that: 0x15030300 bytes are 352 MB, and its thread dies of a lack of memory (KAFKA-4090). So no client is
 * made before this has looked.
 */
public final class ListenerProbe {
    /** The kinds of answers. */
    private enum Answer {
        KAFKA,
        TLS,
        OTHER,
        NONE
    }

    /** How long to wait for each connection and each answer. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private static final int API_VERSIONS = 18;
    private static final int METADATA = 3;
    private static final int TLS_ALERT = 0x15;
    private static final int TLS_HANDSHAKE = 0x16;
    private static final int TLS_MAJOR = 3;
    /** The longest answer: less than the first bytes of any other protocol, read as a number. */
    private static final int MOST_BYTES = 16 << 20;

    private static final int MOST_BROKERS = 1_000;

    private final Collection<String> addresses;
    private final String protocol;
    private final String protocolProperty;
    private final int timeoutMillis;

    /**
     * Looks at nothing yet.
     *
     * @param settings settings of a client
     * @param protocolProperty where a user sets the security protocol
     */
    public ListenerProbe(Map<String, Object> settings, String protocolProperty) {
        this.protocolProperty = protocolProperty;
        addresses = addresses(settings.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
        protocol = String.valueOf(settings.getOrDefault(
                        CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL))
                .toUpperCase(Locale.ROOT);
        timeoutMillis = (int) TIMEOUT.toMillis();
    }

    private static Collection<String> addresses(@Nullable Object configured) {
        List<String> addresses = new ArrayList<>();
        if (configured instanceof Collection<?> several) {
            several.forEach(address -> addresses.add(address.toString().trim()));
        } else if (configured != null) {
            for (String address : configured.toString().split(",")) {
                addresses.add(address.trim());
            }
        }
        return addresses;
    }

    /**
     * Checks that a client would not take something else for Kafka.
     *
     * @throws KafkaException if it would, with a remedy
     */
    public void requireFitting() {
        if (protocol.endsWith("PLAINTEXT")) {
            for (String address : addresses) {
                String problem = ask(address, false);
                if (problem != null) {
                    throw new KafkaException(problem);
                }
            }
        }
    }

    /** Polls. If an answer that is not Kafka's causes a lack of memory, explains that. */
    public <K, V> ConsumerRecords<K, V> poll(Consumer<K, V> consumer, Duration timeout) {
        try {
            return consumer.poll(timeout);
        } catch (OutOfMemoryError e) {
            requireFitting();
            throw e;
        }
    }

    /** Whether anything listens at one of the addresses. */
    public boolean isAnyoneThere() {
        return addresses.stream().anyMatch(this::listens);
    }

    private boolean listens(String address) {
        HostAndPort parsed = HostAndPort.parse(address);
        if (parsed == null) {
            return false;
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(parsed.host()), parsed.port()), timeoutMillis);
            return true;
        } catch (SocketTimeoutException e) {
            // On a busy machine even this may take long. If nobody listens, the connection is refused.
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Why there may be no answer, in words; null if nothing is wrong to see. */
    @Nullable
    public String explain() {
        for (String address : addresses) {
            String problem = ask(address, true);
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    /** @param all whether to report problems that a client overcomes by itself, too */
    private @Nullable String ask(String address, boolean all) {
        HostAndPort parsed = HostAndPort.parse(address);
        if (parsed == null) {
            return null;
        }
        try (Socket socket = new Socket()) {
            InetAddress host = InetAddress.getByName(parsed.host());
            socket.connect(new InetSocketAddress(host, parsed.port()), timeoutMillis);
            socket.setSoTimeout(timeoutMillis);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            request(out, API_VERSIONS, 0, false);
            String misfit = misfit(address, answer(in));
            if (misfit != null || !protocol.equals("PLAINTEXT")) {
                return misfit;
            }
            request(out, METADATA, 1, true);
            return advertised(address, in, all);
        } catch (UnknownHostException e) {
            return all ? "the host of " + address + " does not resolve here" : null;
        } catch (IOException e) {
            // The client itself says that there is no connection.
            return null;
        }
    }

    private @Nullable String misfit(String address, Answer answer) {
        boolean plain = protocol.endsWith("PLAINTEXT");
        return switch (answer) {
            case TLS ->
                plain
                        ? address + " answers with TLS, and " + protocolProperty + " is " + protocol
                                + ": set it to "
                                + (protocol.startsWith("SASL") ? "SASL_SSL" : "SSL (or SASL_SSL)")
                                + ", or name the port of a listener without TLS"
                        : null;
            case OTHER -> plain ? "what listens at " + address + " does not speak Kafka's protocol" : null;
            case KAFKA ->
                plain
                        ? null
                        : address + " answers without TLS, and " + protocolProperty + " is " + protocol
                                + ": set it to "
                                + (protocol.startsWith("SASL") ? "SASL_PLAINTEXT" : "PLAINTEXT")
                                + ", or name the port of a listener with TLS";
            case NONE -> null;
        };
    }

    /** Asks for the brokers' own addresses, which clients use from then on. */
    private @Nullable String advertised(String address, DataInputStream in, boolean all) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MOST_BYTES) {
            return null;
        }
        in.readInt();
        int count = in.readInt();
        for (int i = 0; i < Math.min(count, MOST_BROKERS); i++) {
            int id = in.readInt();
            String host = text(in);
            int port = in.readInt();
            text(in);
            String broker = host + ":" + port;
            if (!resolves(host)) {
                if (all) {
                    return "broker " + id + " is advertised as " + broker + " by " + address
                            + ", and that host does not resolve here: correct advertised.listeners of the broker, or the"
                            + " name service of this machine";
                }
            } else if (!addresses.contains(broker)) {
                String misfit =
                        misfit(broker + " (advertised by " + address + " for broker " + id + ")", greet(host, port));
                if (misfit != null) {
                    return misfit;
                }
            }
        }
        return null;
    }

    private Answer greet(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), timeoutMillis);
            socket.setSoTimeout(timeoutMillis);
            request(new DataOutputStream(socket.getOutputStream()), API_VERSIONS, 0, false);
            return answer(new DataInputStream(socket.getInputStream()));
        } catch (IOException e) {
            return Answer.NONE;
        }
    }

    private static boolean resolves(String host) {
        try {
            InetAddress.getByName(host);
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Writes a request without a client id, with an empty list if this request has a list. */
    private static void request(DataOutputStream out, int api, int version, boolean list) throws IOException {
        out.writeInt(list ? 14 : 10);
        out.writeShort(api);
        out.writeShort(version);
        out.writeInt(1);
        out.writeShort(-1);
        if (list) {
            out.writeInt(0);
        }
        out.flush();
    }

    /** Reads the answer, to its end if it is Kafka's. */
    private static Answer answer(DataInputStream in) throws IOException {
        try {
            int length = in.readInt();
            int first = length >>> 24;
            int second = length >>> 16 & 0xFF;
            if ((first == TLS_ALERT || first == TLS_HANDSHAKE) && second == TLS_MAJOR) {
                return Answer.TLS;
            }
            if (length < 0 || length > MOST_BYTES) {
                return Answer.OTHER;
            }
            in.skipNBytes(length);
            return Answer.KAFKA;
        } catch (EOFException | SocketTimeoutException e) {
            return Answer.NONE;
        }
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readShort();
        return length < 0 ? "" : new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private record HostAndPort(String host, int port) {
        static @Nullable HostAndPort parse(String address) {
            int colon = address.lastIndexOf(':');
            if (colon < 0) {
                return null;
            }
            String host = address.substring(0, colon).replaceFirst("^.*://", "");
            try {
                return new HostAndPort(host, Integer.parseInt(address.substring(colon + 1)));
            } catch (NumberFormatException e) {
                return null;
            }
        }
    }
}
