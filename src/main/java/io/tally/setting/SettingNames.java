package io.tally.setting;

/**
 * Knows what users call the settings. The configuration implements it, and {@link Setting} finds it as a service. So no
 * text below the configuration spells a property.
 */
public interface SettingNames {
    /** The name of a setting, relative to its pipeline if it belongs to one. */
    String name(Setting setting);

    /**
     * The full name of a setting.
     *
     * @param pipeline name of the pipeline; without meaning for a setting of the whole process
     */
    String name(Setting setting, String pipeline);

    /**
     * The full name of a setting of one of a pipeline's sinks.
     *
     * @param setting one that each sink has
     * @param pipeline name of the pipeline
     * @param sink the sink's place, 0 for the first
     */
    String sinkName(Setting setting, String pipeline, int sink);
}
