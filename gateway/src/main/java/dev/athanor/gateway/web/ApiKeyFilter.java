package dev.athanor.gateway.web;

import dev.athanor.gateway.persistence.ApiKeyRow;
import dev.athanor.gateway.service.ApiKeyService;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** {@code Authorization: Bearer ath_…}: who is calling. */
class ApiKeyFilter extends OncePerRequestFilter {

    private static final String SCHEME = "Bearer ";

    private final ApiKeyService keys;

    ApiKeyFilter(ApiKeyService keys) {
        this.keys = keys;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        authenticate(request.getHeader("Authorization")).ifPresent(who -> {
            var context = SecurityContextHolder.createEmptyContext();
            context.setAuthentication(who);
            SecurityContextHolder.setContext(context);
        });
        chain.doFilter(request, response);
    }

    private Optional<Authentication> authenticate(@Nullable String header) {
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        return keys.authenticate(header.substring(SCHEME.length()).strip()).map(ApiKeyFilter::of);
    }

    private static Authentication of(ApiKeyRow key) {
        List<SimpleGrantedAuthority> granted = key.role().includes().stream()
                .sorted()
                .map(role -> new SimpleGrantedAuthority(role.name()))
                .toList();
        return UsernamePasswordAuthenticationToken.authenticated(key.getId(), null, granted);
    }
}
