package dev.athanor.gateway.persistence;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

public interface ModelRows extends JpaRepository<ModelRow, String> {

    Optional<ModelRow> findByNameAndArtifact(String name, String artifact);

    @Query("select coalesce(max(m.version), 0) from ModelRow m where m.name = :name")
    int latestVersion(String name);

    @Query("select m from ModelRow m where m.id < :after order by m.id desc")
    List<ModelRow> page(String after, Limit limit);
}
