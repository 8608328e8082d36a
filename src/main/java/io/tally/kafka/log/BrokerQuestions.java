package io.tally.kafka.log;

import io.tally.kafka.client.Causes;
import io.tally.kafka.client.ClientSettings;
import io.tally.kafka.client.ListenerProbe;
import io.tally.pipeline.log.LogException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;

/** Asks a broker, and puts it in words if there is no answer. */
final class BrokerQuestions {
    /** There is an answer, but not the one that is waited for. */
    static final class NotYetException extends TimeoutException {
        private static final long serialVersionUID = 1L;

        NotYetException(String message) {
            super(message);
        }
    }

    private final ClientSettings settings;
    private final AskAgain again;
    final ListenerProbe probe;

    /** @throws LogException if what listens at the broker's address is no Kafka */
    BrokerQuestions(ClientSettings settings, AskAgain again) {
        this.settings = settings;
        this.again = again;
        probe = new ListenerProbe(settings.admin(), settings.protocolProperty());
        ask("its listeners", () -> {
            probe.requireFitting();
            return true;
        });
    }

    /** Makes a client of that name. It connects when it is first used; the caller closes it. */
    Admin admin(String clientId) {
        Map<String, Object> named = new HashMap<>(settings.admin());
        named.put(AdminClientConfig.CLIENT_ID_CONFIG, clientId);
        return Admin.create(named);
    }

    /**
     * Asks, if need be again.
     *
     * @param what is asked about
     * @param question can be asked twice
     * @throws LogException if there is no answer, or it is not allowed
     */
    <T> T ask(String what, Supplier<T> question) {
        return askOnce(what, () -> untilAnswered(what, question));
    }

    /**
     * The answer; waits for it as long as that makes sense. Other failures are thrown as they are.
     *
     * @param what is asked about
     * @param question can be asked twice
     */
    <T> T untilAnswered(String what, Supplier<T> question) {
        long began = System.nanoTime();
        while (true) {
            try {
                return question.get();
            } catch (NotYetException e) {
                throw e;
            } catch (TimeoutException e) {
                if (!waitsOn(what, began, e)) {
                    throw e;
                }
            }
        }
    }

    /**
     * Whether to go on waiting for an answer; says so then. If nobody listens, or not a broker, there will be none.
     *
     * @param began when it was first asked, by {@link System#nanoTime}
     */
    boolean waitsOn(String what, long began, Exception problem) {
        long left = again.patience().toNanos() - (System.nanoTime() - began);
        if (left <= 0 || probe.explain() != null || !probe.isAnyoneThere()) {
            return false;
        }
        again.told()
                .accept("No answer from the broker at " + address() + " about " + what + " yet ("
                        + Causes.describe(problem) + "). Waiting on for up to "
                        + Math.max(1, left / 1_000_000_000) + " s; Ctrl-C ends it.");
        return true;
    }

    private Object address() {
        return String.valueOf(settings.admin().get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
    }

    /**
     * Asks.
     *
     * @param what is asked about
     * @throws LogException if there is no answer, or it is not allowed
     */
    <T> T askOnce(String what, Supplier<T> question) {
        Object address = address();
        try {
            return question.get();
        } catch (AuthorizationException e) {
            throw new LogException(
                    "May not look at " + what + ": " + e.getMessage()
                            + ". Allow Read and Describe on the topic, or Describe on the group",
                    e);
        } catch (TimeoutException e) {
            throw new LogException(
                    "No answer from the broker at " + address + " (" + settings.addressProperty() + ") about " + what
                            + ": " + reason(e),
                    e);
        } catch (KafkaException e) {
            throw new LogException("Cannot look at " + what + " at " + address + ": " + Causes.describe(e), e);
        }
    }

    private String reason(TimeoutException e) {
        String found = probe.explain();
        if (found != null) {
            return found;
        }
        return probe.isAnyoneThere() ? Causes.describe(e) : "nobody listens there";
    }
}
