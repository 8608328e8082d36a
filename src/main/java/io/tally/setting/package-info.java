/**
 * The settings that messages of the core mention. The core says what is wrong, the configuration says where that is
 * set. Knows the JDK only.
 */
@NullMarked
package io.tally.setting;

import org.jspecify.annotations.NullMarked;
