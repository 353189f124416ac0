package dev.socketecho.config;

import java.util.ArrayList;
import java.util.List;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.context.ApplicationListener;

/**
 * Puts a bounded queue before each appender that Spring Boot has configured, so that an
 * event loop never waits for a console or a disk. The queue gets full when nothing reads
 * the console, or when a peer floods a server that logs messages. Then log lines are
 * lost, not echoes: INFO first, then all.
 * <p>
 * Spring Boot finds this class by {@code META-INF/spring.factories}, and calls it before
 * the context is refreshed.
 */
class NonBlockingLogging implements ApplicationListener<ApplicationPreparedEvent> {

	private static final int QUEUE_SIZE = 4096;

	@Override
	public void onApplicationEvent(ApplicationPreparedEvent event) {
		if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
			return;
		}
		Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
		List<Appender<ILoggingEvent>> appenders = new ArrayList<>();
		root.iteratorForAppenders().forEachRemaining(appenders::add);
		for (Appender<ILoggingEvent> appender : appenders) {
			if (!(appender instanceof AsyncAppender)) {
				root.detachAppender(appender);
				root.addAppender(queued(appender, context));
			}
		}
	}

	private static AsyncAppender queued(Appender<ILoggingEvent> appender, LoggerContext context) {
		AsyncAppender queue = new AsyncAppender();
		queue.setContext(context);
		queue.setName("async-" + appender.getName());
		queue.setQueueSize(QUEUE_SIZE);
		queue.setNeverBlock(true);
		queue.addAppender(appender);
		queue.start();
		return queue;
	}

}
