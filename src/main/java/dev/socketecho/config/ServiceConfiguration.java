package dev.socketecho.config;

import dev.socketecho.config.page.PageConfiguration;
import dev.socketecho.config.properties.EchoProperties;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * All of the service's configuration. It names its parts instead of scanning the class
 * path: a scan reads each class of the service twice, and takes a tenth of the time that
 * a start takes.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EchoProperties.class)
@Import({ EchoConfiguration.class, EchoServersConfiguration.class, EchoClientsConfiguration.class,
		FaultsConfiguration.class, EchoHttpConfiguration.class, PageConfiguration.class })
public class ServiceConfiguration {

}
