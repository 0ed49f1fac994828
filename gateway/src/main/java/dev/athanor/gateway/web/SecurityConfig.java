package dev.athanor.gateway.web;

import static dev.athanor.gateway.key.Role.ADMIN;
import static dev.athanor.gateway.key.Role.INFERENCE;
import static dev.athanor.gateway.key.Role.OPERATOR;
import static dev.athanor.gateway.key.Role.VIEWER;

import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.gateway.service.ApiKeyService;
import dev.athanor.stage.web.InternalTokenFilter;
import dev.athanor.stage.web.Problems;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.header.writers.StaticHeadersWriter;

/** Who may do what. Everything that is not named here is refused. */
@Configuration(proxyBeanMethods = false)
class SecurityConfig {

    /** Nothing from other hosts, nothing inline; the API documentation's page sets styles by itself. */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String DOCUMENTATION_POLICY =
            CONTENT_SECURITY_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");

    private static final String[] OPEN = {
        "/",
        "/console",
        "/console/**",
        "/actuator/health/**",
        "/v1/openapi",
        "/v1/openapi/**",
        "/swagger-ui",
        "/swagger-ui/**"
    };

    @Bean
    SecurityFilterChain gatewaySecurity(
            HttpSecurity http, ApiKeyService keys, @Value("${athanor.internal-token}") String internalToken)
            throws Exception {
        return http.csrf(AbstractHttpConfigurer::disable) // no cookies: a key travels only where a caller puts it
                .cors(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .headers(h -> h.contentTypeOptions(Customizer.withDefaults())
                        .referrerPolicy(Customizer.withDefaults())
                        .addHeaderWriter((request, response) -> new StaticHeadersWriter(
                                        "Content-Security-Policy",
                                        request.getRequestURI().startsWith("/swagger-ui")
                                                ? DOCUMENTATION_POLICY
                                                : CONTENT_SECURITY_POLICY)
                                .writeHeaders(request, response)))
                .addFilterBefore(new ApiKeyFilter(keys), AnonymousAuthenticationFilter.class)
                .addFilterBefore(new InternalTokenFilter(internalToken), AnonymousAuthenticationFilter.class)
                .authorizeHttpRequests(a -> a.dispatcherTypeMatchers(
                                DispatcherType.ASYNC, DispatcherType.ERROR, DispatcherType.FORWARD)
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, OPEN)
                        .permitAll()
                        .requestMatchers(HttpMethod.HEAD, OPEN)
                        .permitAll()
                        .requestMatchers("/actuator/prometheus", "/actuator/info")
                        .hasAnyAuthority(InternalTokenFilter.AUTHORITY, VIEWER.name())
                        .requestMatchers("/actuator/**")
                        .hasAuthority(ADMIN.name())
                        .requestMatchers("/v1/api-keys/**")
                        .hasAuthority(ADMIN.name())
                        .requestMatchers("/v1/sentiment/**", "/v1/completions", "/v1/chat/completions")
                        .hasAuthority(INFERENCE.name())
                        .requestMatchers(HttpMethod.GET)
                        .hasAuthority(VIEWER.name())
                        .anyRequest()
                        .hasAuthority(OPERATOR.name()))
                .exceptionHandling(e -> e.authenticationEntryPoint((request, response, cause) -> {
                            response.setHeader("WWW-Authenticate", "Bearer realm=\"athanor\"");
                            Problems.write(response, ErrorCode.UNAUTHENTICATED, whyUnknown(request));
                        })
                        .accessDeniedHandler((request, response, cause) ->
                                Problems.write(response, ErrorCode.FORBIDDEN, whyForbidden(request))))
                .build();
    }

    @Bean
    RequestRejectedHandler requestRejectedHandler() {
        return (request, response, cause) ->
                Problems.write(response, ErrorCode.INVALID_REQUEST, "the request was refused: " + cause.getMessage());
    }

    private static String whyUnknown(HttpServletRequest request) {
        return request.getHeader("Authorization") == null
                ? "no Authorization header; expected 'Authorization: Bearer ath_…'"
                : "the Authorization header holds no valid key; expected 'Bearer ath_…' with a key that is not revoked";
    }

    private static String whyForbidden(HttpServletRequest request) {
        var who = SecurityContextHolder.getContext().getAuthentication();
        String roles = who == null
                ? ""
                : who.getAuthorities().stream()
                        .map(GrantedAuthority::getAuthority)
                        .map(a -> String.valueOf(a).toLowerCase(java.util.Locale.ROOT))
                        .collect(Collectors.joining(", "));
        return request.getMethod() + " " + request.getRequestURI() + " is not allowed to a key with the rights of: "
                + roles;
    }
}
