package io.tally.command.check;

import io.tally.kafka.client.ClientSettings;
import io.tally.kafka.client.GroupProtocol;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the clients of a pipeline are set to, as far as a cluster must agree with it.
 *
 * @param requestBytes the largest record that the producer sends
 * @param transactionMillis after which the broker ends a transaction
 * @param protocol of the group, {@code classic} or {@code consumer}
 */
record ClientLimits(long requestBytes, long transactionMillis, String protocol) {
    /** The clients' own defaults, where nothing is set. */
    private static final long REQUEST_BYTES = 1_048_576;

    private static final long TRANSACTION_MILLIS = 60_000;

    static ClientLimits of(ClientSettings settings) {
        return new ClientLimits(
                number(settings.producer(), "max.request.size", REQUEST_BYTES),
                number(settings.producer(), "transaction.timeout.ms", TRANSACTION_MILLIS),
                GroupProtocol.of(settings.consumer()).toString());
    }

    private static long number(Map<String, Object> settings, String name, long otherwise) {
        @Nullable Object value = settings.get(name);
        return value == null ? otherwise : Long.parseLong(value.toString().trim());
    }
}
