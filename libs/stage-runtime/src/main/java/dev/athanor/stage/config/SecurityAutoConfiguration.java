package dev.athanor.stage.config;

import dev.athanor.contracts.error.Checks;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.stage.web.InternalTokenFilter;
import dev.athanor.stage.web.Problems;
import jakarta.servlet.DispatcherType;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.firewall.RequestRejectedHandler;

/** Only bearers of the internal token are answered, except about health; a service with a chain of its own keeps that. */
@AutoConfiguration(
        beforeName = "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(AthanorProperties.class)
public class SecurityAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    SecurityFilterChain internalToken(HttpSecurity http, AthanorProperties properties) {
        Checks.notBlank("athanor.internal-token (ATHANOR_INTERNAL_TOKEN)", properties.internalToken());
        return http.csrf(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .addFilterBefore(
                        new InternalTokenFilter(properties.internalToken()), AnonymousAuthenticationFilter.class)
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(
                                DispatcherType.ERROR, DispatcherType.ASYNC, DispatcherType.FORWARD)
                        .permitAll()
                        .requestMatchers("/actuator/health/**", "/actuator/health")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .exceptionHandling(e -> e.authenticationEntryPoint((request, response, cause) -> {
                            response.setHeader("WWW-Authenticate", "Bearer realm=\"athanor\"");
                            Problems.write(
                                    response,
                                    ErrorCode.UNAUTHENTICATED,
                                    "Authorization: expected 'Bearer' and the token of ATHANOR_INTERNAL_TOKEN");
                        })
                        .accessDeniedHandler((request, response, cause) ->
                                Problems.write(response, ErrorCode.FORBIDDEN, "not allowed to this caller")))
                .build();
    }

    /** Paths that try tricks are refused before any filter. */
    @Bean
    @ConditionalOnMissingBean
    RequestRejectedHandler rejectedRequests() {
        return (request, response, cause) ->
                Problems.write(response, ErrorCode.INVALID_REQUEST, "the request was refused: " + cause.getMessage());
    }
}
