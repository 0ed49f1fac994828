package dev.athanor.gateway.persistence;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

public interface DeploymentRevisionRows extends JpaRepository<DeploymentRevisionRow, DeploymentRevisionRow.Key> {

    /** Newest first. */
    @Query("select r from DeploymentRevisionRow r where r.id.name = :name order by r.id.revision desc")
    List<DeploymentRevisionRow> history(String name, Limit limit);
}
