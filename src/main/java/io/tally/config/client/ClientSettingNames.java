package io.tally.config.client;

import io.tally.config.problem.EditDistance;
import io.tally.config.problem.Problems;
import io.tally.config.property.ClusterProperties;
import io.tally.config.property.PropertyNames;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Checks the names of a pipeline's client settings. Names that resemble none of the client's are left alone: plug-ins
 * of the clients have settings of their own.
 */
final class ClientSettingNames {
    private static final int TYPOS = 2;

    private ClientSettingNames() {}

    static void check(String pipeline, ClusterProperties own, Problems problems) {
        Problems here = problems.under(PropertyNames.pipelineGroup(pipeline) + ".kafka");
        Set<String> all = new TreeSet<>(AdminClientConfig.configNames());
        all.addAll(ConsumerConfig.configNames());
        all.addAll(ProducerConfig.configNames());
        check("properties", own.properties(), all, here);
        check("consumer", own.consumer(), ConsumerConfig.configNames(), here);
        check("producer", own.producer(), ProducerConfig.configNames(), here);
    }

    private static void check(String group, Map<String, String> settings, Set<String> known, Problems problems) {
        settings.forEach((name, value) -> {
            if (!known.contains(name)) {
                EditDistance.nearest(name, new TreeSet<>(known), TYPOS)
                        .ifPresent(meant -> problems.add(
                                group + "[" + name + "]",
                                value,
                                "is no setting of Kafka's client; did you mean " + meant + "?",
                                null));
            }
        });
    }
}
