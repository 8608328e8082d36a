package io.tally.kafka;

import io.tally.kafka.client.Causes;
import io.tally.kafka.client.ClientSettings;
import io.tally.kafka.client.ListenerProbe;
import io.tally.kafka.topic.TopicProblemException;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.springframework.core.NestedExceptionUtils;

/** Says why a look at the broker and the topics of a pipeline came to nothing, and what happens then. */
final class LookFailures {
    private final ClientSettings settings;

    LookFailures(ClientSettings settings) {
        this.settings = settings;
    }

    String describe(Throwable e) {
        if (e instanceof TopicProblemException) {
            return String.valueOf(e.getMessage());
        }
        if (e instanceof KafkaException failure) {
            return "No usable answer from the broker at "
                    + settings.admin().get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG)
                    + " (" + settings.addressProperty() + "): " + reason(failure)
                    + ". Tally keeps trying and goes on by itself once the broker answers.";
        }
        return "could not look at its topics: " + Causes.describe(e);
    }

    private String reason(KafkaException e) {
        if (Causes.isSilence(e)) {
            String found = new ListenerProbe(settings.admin(), settings.protocolProperty()).explain();
            return found == null ? "no connection, or no answer in time" : found;
        }
        Throwable root = NestedExceptionUtils.getMostSpecificCause(e);
        String message = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }
}
