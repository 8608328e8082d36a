package io.tally.pipeline.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipelineEventsTest {
    /** Whatever events there are: a method that {@link AllEvents} forgot would fall back to the empty default. */
    @Test
    void severalReceiversAreToldEachEventInTheirOrder() throws ReflectiveOperationException {
        List<String> told = new ArrayList<>();
        PipelineEvents all = PipelineEvents.all(List.of(receiver("first", told), receiver("second", told)));
        List<Method> events = Arrays.stream(PipelineEvents.class.getMethods())
                .filter(event -> event.isDefault() && event.getReturnType() == void.class)
                .toList();
        assertThat(events).isNotEmpty();
        for (Method event : events) {
            event.invoke(all, arguments(event));
            assertThat(told).containsExactly("first " + event.getName(), "second " + event.getName());
            told.clear();
        }
    }

    private static PipelineEvents receiver(String name, List<String> told) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            told.add(name + " " + method.getName());
            return null;
        };
        return (PipelineEvents) Proxy.newProxyInstance(
                PipelineEventsTest.class.getClassLoader(), new Class<?>[] {PipelineEvents.class}, handler);
    }

    private static Object[] arguments(Method event) {
        return Arrays.stream(event.getParameterTypes())
                .map(type -> type == int.class
                        ? (Object) 0
                        : type == long.class ? (Object) 0L : type == boolean.class ? (Object) false : null)
                .toArray();
    }
}
