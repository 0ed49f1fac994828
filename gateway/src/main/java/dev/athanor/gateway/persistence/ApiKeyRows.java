package dev.athanor.gateway.persistence;

import dev.athanor.gateway.key.Role;
import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

public interface ApiKeyRows extends JpaRepository<ApiKeyRow, String> {

    List<ApiKeyRow> findByPrefix(String prefix);

    boolean existsByHash(String hash);

    boolean existsByRoleAndRevokedAtIsNull(Role role);

    @Query("select k from ApiKeyRow k where k.id < :after order by k.id desc")
    List<ApiKeyRow> page(String after, Limit limit);
}
