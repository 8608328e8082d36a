/** What all of it stands on: the broker, the settings, rounds, figures. */
package io.tally.bench.ground;
