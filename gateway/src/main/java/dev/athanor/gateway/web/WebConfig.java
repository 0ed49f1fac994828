package dev.athanor.gateway.web;

import dev.athanor.gateway.config.GatewayProperties;
import java.net.URI;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** How HTTP is read and answered. */
@Configuration(proxyBeanMethods = false)
class WebConfig implements WebMvcConfigurer {

    private final GatewayProperties properties;

    WebConfig(GatewayProperties properties) {
        this.properties = properties;
    }

    @Override
    public void configureMessageConverters(HttpMessageConverters.ServerBuilder converters) {
        converters.addCustomConverter(new SpecConverter(properties.maxBodyBytes()));
    }

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/console/**").addResourceLocations("classpath:/athanor-console/");
    }

    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        registry.addRedirectViewController("/", "/console/");
        registry.addRedirectViewController("/console", "/console/");
        registry.addViewController("/console/").setViewName("forward:/console/index.html");
    }

    @Bean
    InferenceClient inferenceClient(@Value("${athanor.internal-token:}") String token) {
        return new InferenceClient(client("inference", properties.inferenceUrl(), token));
    }

    /** A text takes longer than a label. */
    @Bean
    ServiceClient generationClient(@Value("${athanor.internal-token:}") String token) {
        return new ServiceClient(
                "inference",
                properties.inferenceUrl(),
                token,
                properties.inferenceConnectTimeout(),
                properties.generationTimeout());
    }

    @Bean
    ServiceClient trainerClient(@Value("${athanor.internal-token:}") String token) {
        return client("trainer", properties.trainerUrl(), token);
    }

    @Bean
    ServiceClient evaluationClient(@Value("${athanor.internal-token:}") String token) {
        return client("evaluation", properties.evaluationUrl(), token);
    }

    private ServiceClient client(String name, URI url, String token) {
        return new ServiceClient(name, url, token, properties.inferenceConnectTimeout(), properties.inferenceTimeout());
    }
}
