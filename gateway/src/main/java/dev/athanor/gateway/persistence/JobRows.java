package dev.athanor.gateway.persistence;

import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;

public interface JobRows extends JpaRepository<JobRow, String> {

    /** One change of a job at a time, over all instances of the gateway. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select j from JobRow j where j.id = :id")
    Optional<JobRow> lock(String id);

    /** Newest first, from the one before {@code after}. */
    @Query("select j from JobRow j where j.id < :after order by j.id desc")
    List<JobRow> page(String after, Limit limit);

    @Query("select j from JobRow j where j.id < :after and j.status = :status order by j.id desc")
    List<JobRow> page(String after, String status, Limit limit);

    @Query("select j.id from JobRow j where j.finishedAt is null and j.newsAt < :before order by j.newsAt")
    List<String> silentSince(Instant before, Limit limit);
}
