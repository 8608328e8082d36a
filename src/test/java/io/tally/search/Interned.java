package io.tally.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gives equal values the same number, from 0 on, so that a state is a few numbers. */
final class Interned<T> {
    private final Map<T, Integer> numbers = new HashMap<>();
    private final List<T> values = new ArrayList<>();

    int number(T value) {
        Integer known = numbers.get(value);
        if (known != null) {
            return known;
        }
        int number = values.size();
        numbers.put(value, number);
        values.add(value);
        return number;
    }

    T get(int number) {
        return values.get(number);
    }

    int size() {
        return values.size();
    }
}
