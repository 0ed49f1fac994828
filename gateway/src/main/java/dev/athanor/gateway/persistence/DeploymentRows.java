package dev.athanor.gateway.persistence;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

public interface DeploymentRows extends JpaRepository<DeploymentRow, String> {

    @Query("select d from DeploymentRow d where d.name > :after and d.variants <> '[]' order by d.name")
    List<DeploymentRow> page(String after, Limit limit);
}
