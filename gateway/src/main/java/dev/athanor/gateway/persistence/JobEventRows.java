package dev.athanor.gateway.persistence;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

public interface JobEventRows extends JpaRepository<JobEventRow, JobEventRow.Key> {

    @Query("select e from JobEventRow e where e.id.jobId = :jobId and e.id.sequence > :after order by e.id.sequence")
    List<JobEventRow> after(String jobId, long after, Limit limit);
}
