package io.tally.config;

import io.tally.aggregate.CustomAggregate;
import java.util.List;
import org.springframework.beans.factory.ListableBeanFactory;

/** Users' aggregate functions: the beans of type {@link CustomAggregate} by their names. */
record CustomFunctions(ListableBeanFactory beans) {
    /** The names, without making any of the beans. */
    List<String> names() {
        return List.of(beans.getBeanNamesForType(CustomAggregate.class, true, false));
    }

    /**
     * The function of that name, one of {@link #names}.
     *
     * @throws org.springframework.beans.BeansException if the bean cannot be made
     */
    CustomAggregate<?> get(String name) {
        return beans.getBean(name, CustomAggregate.class);
    }
}
