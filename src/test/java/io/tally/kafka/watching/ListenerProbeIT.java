package io.tally.kafka.watching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.kafka.client.ListenerProbe;
import io.tally.testkafka.TestBed;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What listens at a broker's address, named before a client trips over it. */
class ListenerProbeIT {
    private static final byte[] TLS_ALERT = {0x15, 3, 3, 0, 2, 2, 80};

    @RegisterExtension
    final TestBed bed = new TestBed(1);

    @Test
    void aBrokerIsAsItShouldBe() {
        ListenerProbe probe = probe(bed.bootstrap(), "PLAINTEXT");
        assertThatCode(probe::requireFitting).doesNotThrowAnyException();
        assertThat(probe.explain()).isNull();
    }

    @Test
    void tlsIsMissingOrTooMuch() throws IOException {
        try (Listener tls = new Listener(TLS_ALERT)) {
            assertThatThrownBy(probe(tls.address(), "PLAINTEXT")::requireFitting)
                    .isInstanceOf(KafkaException.class)
                    .hasMessage(
                            tls.address() + " answers with TLS, and spring.kafka.security.protocol is PLAINTEXT: set it"
                                    + " to SSL (or SASL_SSL), or name the port of a listener without TLS");
            assertThatThrownBy(probe(tls.address(), "SASL_PLAINTEXT")::requireFitting)
                    .hasMessageContaining("set it to SASL_SSL");
            assertThat(probe(tls.address(), "SSL").explain()).isNull();
        }
        assertThat(probe(bed.bootstrap(), "SSL").explain())
                .contains("answers without TLS, and spring.kafka.security.protocol is SSL: set it to PLAINTEXT");
    }

    @Test
    void whatIsNoBrokerIsNamed() throws IOException {
        try (Listener web = new Listener("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII))) {
            assertThatThrownBy(probe(web.address(), "PLAINTEXT")::requireFitting)
                    .hasMessage("what listens at " + web.address() + " does not speak Kafka's protocol");
        }
    }

    @Test
    void hostsThatDoNotResolveAreNamed() throws IOException {
        assertThat(probe("no-such-host.invalid:9092", "PLAINTEXT").explain())
                .isEqualTo("the host of no-such-host.invalid:9092 does not resolve here");
        try (Listener broker = new Listener(kafka("broker-7.invalid", 9092))) {
            ListenerProbe probe = probe(broker.address(), "PLAINTEXT");
            assertThat(probe.explain())
                    .contains("broker 7 is advertised as broker-7.invalid:9092 by " + broker.address())
                    .contains("advertised.listeners");
            // Others may resolve, so a client is to try.
            assertThatCode(probe::requireFitting).doesNotThrowAnyException();
        }
    }

    @Test
    void anAdvertisedListenerWithTlsIsNamed() throws IOException {
        try (Listener tls = new Listener(TLS_ALERT);
                Listener broker = new Listener(kafka("localhost", tls.port()))) {
            assertThatThrownBy(probe(broker.address(), "PLAINTEXT")::requireFitting)
                    .hasMessageContaining("localhost:" + tls.port() + " (advertised by " + broker.address()
                            + " for broker 7) answers with TLS");
        }
    }

    private static ListenerProbe probe(String address, String protocol) {
        return new ListenerProbe(
                Map.of("bootstrap.servers", address, "security.protocol", protocol), "spring.kafka.security.protocol");
    }

    /** The answers to a question for versions and to one for brokers. */
    private static byte[] kafka(String host, int port) throws IOException {
        var bytes = new java.io.ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(10);
        out.write(new byte[10]);
        out.writeInt(8 + 4 + 2 + host.length() + 4 + 2);
        out.writeInt(1);
        out.writeInt(1);
        out.writeInt(7);
        out.writeUTF(host);
        out.writeInt(port);
        out.writeShort(-1);
        return bytes.toByteArray();
    }

    /** Gives everybody who says something the same answer. */
    private static final class Listener implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());

        Listener(byte[] answer) throws IOException {
            Thread thread = new Thread(() -> serve(answer), "listener");
            thread.setDaemon(true);
            thread.start();
        }

        private void serve(byte[] answer) {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    DataInputStream in = new DataInputStream(socket.getInputStream());
                    in.skipNBytes(in.readInt());
                    socket.getOutputStream().write(answer);
                    socket.getOutputStream().flush();
                    socket.shutdownOutput();
                    while (in.read() >= 0) {
                        // Until the other side has read all of it.
                    }
                } catch (IOException e) {
                    // Closed.
                }
            }
        }

        int port() {
            return server.getLocalPort();
        }

        String address() {
            return "127.0.0.1:" + port();
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
