package io.tally.command.check;

import io.tally.kafka.client.ClientSettings;
import io.tally.kafka.client.GroupProtocol;

/**
 * What the clients of a pipeline are set to, as far as a cluster must agree with it.
 *
 * @param requestBytes the largest record that the producer sends
 * @param transactionMillis after which the broker ends a transaction
 * @param protocol of the group, {@code classic} or {@code consumer}
 */
record ClientLimits(long requestBytes, long transactionMillis, String protocol) {
    static ClientLimits of(ClientSettings settings) {
        return new ClientLimits(
                settings.requestBytes(),
                settings.transactionMillis(),
                GroupProtocol.of(settings.consumer()).toString());
    }
}
