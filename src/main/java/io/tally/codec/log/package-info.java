/** Well-known formats of logs: access logs of web servers, and the W3C's extended log format. */
@NullMarked
package io.tally.codec.log;

import org.jspecify.annotations.NullMarked;
