package io.tally.page;

import io.tally.pipeline.status.DataVisibility;
import io.tally.pipeline.status.Pipelines;
import java.time.Clock;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.env.Environment;

/** The live page, unless it is switched off. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "tally.page.enabled", matchIfMissing = true)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
class PageConfiguration {
    @Bean
    EventLog pageEventLog() {
        return new EventLog();
    }

    @Bean
    PageEvents pageEvents(EventLog log, Environment environment) {
        // The configuration's own type is out of reach from here; it has checked the value.
        DataVisibility values = environment.getProperty("tally.page.values", DataVisibility.class, DataVisibility.HIDE);
        return new PageEvents(Clock.systemUTC(), log, values);
    }

    @Bean(initMethod = "start")
    Feed pageFeed(Pipelines pipelines, PageEvents events, EventLog log) {
        return new Feed(new Recorder(pipelines, events, log, Clock.systemUTC()), events);
    }

    @Bean
    ServletRegistrationBean<PageServlet> pageServlet(Feed feed) {
        ServletRegistrationBean<PageServlet> servlet =
                new ServletRegistrationBean<>(new PageServlet(feed, new Assets()), "", "/page/*");
        servlet.setAsyncSupported(true);
        return servlet;
    }

    /** Before the web server stops: it would wait for the open pages. */
    @Bean
    ApplicationListener<ContextClosedEvent> pageEnd(Feed feed) {
        return event -> feed.close();
    }
}
