package dev.athanor.gateway.persistence;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Mutual exclusion over all instances, for what has no row yet that could be locked; held until the transaction ends. */
@Component
public class NamedLock {

    private final JdbcTemplate jdbc;

    NamedLock(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    public void take(String name) {
        jdbc.query("select pg_advisory_xact_lock(hashtextextended(?, 0))", row -> {}, "athanor:" + name);
    }
}
