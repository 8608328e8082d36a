/** Sessions and totals: windows whose borders depend on the events of a key. */
@NullMarked
package io.tally.engine.session;

import org.jspecify.annotations.NullMarked;
