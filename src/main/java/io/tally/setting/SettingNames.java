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
}
