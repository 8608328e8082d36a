package io.tally.config.client;

import io.tally.config.problem.Problems;
import io.tally.config.problem.PropertyOrigins;
import io.tally.config.property.ClusterProperties;
import io.tally.kafka.client.ClientSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;

/** The client settings of each enabled pipeline. */
public final class PipelineClients {
    private final Map<String, KafkaClientSettings> byPipeline;

    private PipelineClients(Map<String, KafkaClientSettings> byPipeline) {
        this.byPipeline = byPipeline;
    }

    /**
     * Reads the settings.
     *
     * @param pipelines what each enabled pipeline sets, by its name
     * @throws io.tally.config.problem.InvalidConfigurationException if a setting conflicts with exactly-once, would
     *     have no effect, or does not go with another
     */
    public static PipelineClients read(
            KafkaProperties properties,
            KafkaConnectionDetails connection,
            Map<String, ClusterProperties> pipelines,
            @Nullable SslBundles bundles,
            Environment environment) {
        Problems problems = new Problems();
        new UserSettings(environment).check(pipelines.keySet(), problems);
        pipelines.forEach((name, own) -> ClientSettingNames.check(name, own, problems));
        SharedSettings shared = SharedSettings.read(properties, connection);
        Map<String, KafkaClientSettings> settings = new LinkedHashMap<>();
        pipelines.forEach(
                (name, own) -> settings.put(name, KafkaClientSettings.of(name, shared, own, bundles, problems)));
        problems.throwIfAny(new PropertyOrigins(ConfigurationPropertySources.get(environment))::find);
        return new PipelineClients(settings);
    }

    /**
     * The settings of a pipeline.
     *
     * @param pipeline the name that its properties have
     */
    public KafkaClientSettings of(String pipeline) {
        KafkaClientSettings settings = byPipeline.get(pipeline);
        if (settings == null) {
            throw new IllegalArgumentException("no enabled pipeline is called " + pipeline);
        }
        return settings;
    }

    /** The same for its clients alone. */
    public ClientSettings clients(String pipeline) {
        return of(pipeline).clients();
    }
}
