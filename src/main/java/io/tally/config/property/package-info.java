/**
 * The properties as the user wrote them: a record for each group, which the binder fills. The description of each
 * component documents its property and becomes configuration metadata. Also the names by which texts of the core speak
 * of them.
 */
@NullMarked
package io.tally.config.property;

import org.jspecify.annotations.NullMarked;
