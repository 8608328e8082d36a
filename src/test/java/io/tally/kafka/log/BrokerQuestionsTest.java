package io.tally.kafka.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.kafka.client.ClientSettings;
import io.tally.pipeline.log.LogException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A command waits for a broker that is slow, and says so; it does not wait for one that is not there. */
class BrokerQuestionsTest {
    private ServerSocket listener;
    private final List<String> told = new ArrayList<>();
    private int asked;

    @BeforeEach
    void listen() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ServerSocket socket = listener;
        Thread thread = new Thread(() -> hangUp(socket), "listener");
        thread.setDaemon(true);
        thread.start();
    }

    private static void hangUp(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                socket.accept().close();
            } catch (IOException e) {
                // It is closed, or whoever connected has gone.
            }
        }
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
    }

    private BrokerQuestions questions(Duration patience) {
        Map<String, Object> settings =
                Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "localhost:" + listener.getLocalPort());
        return new BrokerQuestions(
                new ClientSettings(settings, settings, settings, "address", "protocol"),
                new AskAgain(patience, told::add));
    }

    private String answer(int failures) {
        if (asked++ < failures) {
            throw new TimeoutException("Timed out waiting for a node assignment");
        }
        return "answer";
    }

    @Test
    void asksAgainAndSaysSo() {
        assertThat(questions(Duration.ofMinutes(5)).ask("the topic", () -> answer(2)))
                .isEqualTo("answer");
        assertThat(told)
                .hasSize(2)
                .allSatisfy(text -> assertThat(text)
                        .contains("No answer from the broker", "about the topic yet", "node assignment", "Ctrl-C"));
    }

    @Test
    void asksOnceWithoutPatience() {
        assertThatThrownBy(() -> questions(Duration.ZERO).ask("the topic", () -> answer(1)))
                .isInstanceOf(LogException.class)
                .hasMessageContaining("about the topic: ");
        assertThat(told).isEmpty();
    }

    @Test
    void doesNotWaitWhereNobodyListens() throws IOException {
        BrokerQuestions questions = questions(Duration.ofMinutes(5));
        listener.close();
        assertThatThrownBy(() -> questions.ask("the topic", () -> answer(1)))
                .isInstanceOf(LogException.class)
                .hasMessageContaining("about the topic: nobody listens there");
        assertThat(told).isEmpty();
    }

    @Test
    void doesNotWaitForWhatIsNotAllowed() {
        assertThatThrownBy(() -> questions(Duration.ofMinutes(5)).ask("the topic", () -> {
                    throw new TopicAuthorizationException("not for you");
                }))
                .isInstanceOf(LogException.class)
                .hasMessageContaining("May not look at the topic");
        assertThat(told).isEmpty();
    }
}
