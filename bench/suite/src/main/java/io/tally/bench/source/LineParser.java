package io.tally.bench.source;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Reads lines of the default pipeline by hand, by their positions. */
public final class LineParser implements RecordParser {
    private static final int IP = 20;

    private long second;
    private String ip = "";

    @Override
    public boolean parse(byte[] line) {
        if (line == null || line.length < IP + 2 || line[IP - 1] != ' ') {
            return false;
        }
        try {
            second = second(line);
        } catch (DateTimeException e) {
            return false;
        }
        int end = IP;
        while (end < line.length && line[end] != ' ') {
            end++;
        }
        ip = new String(line, IP, end - IP, StandardCharsets.ISO_8859_1);
        return true;
    }

    @Override
    public long second() {
        return second;
    }

    @Override
    public String ip() {
        return ip;
    }

    @Override
    public long number() {
        return 0;
    }

    public static long second(byte[] line) {
        return LocalDateTime.of(
                        number(line, 0, 4),
                        number(line, 5, 2),
                        number(line, 8, 2),
                        number(line, 11, 2),
                        number(line, 14, 2),
                        number(line, 17, 2))
                .toEpochSecond(ZoneOffset.UTC);
    }

    private static int number(byte[] line, int start, int length) {
        int number = 0;
        for (int i = start; i < start + length; i++) {
            number = number * 10 + line[i] - '0';
        }
        return number;
    }
}
