package dev.athanor.gateway.service;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.gateway.Ids;
import dev.athanor.gateway.persistence.ModelRow;
import dev.athanor.gateway.persistence.ModelRows;
import dev.athanor.gateway.persistence.NamedLock;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The model registry: names, versions, and the bundles that they are. */
@Service
public class ModelService {

    public static final String PREFIX = "mdl_";

    private final ModelRows models;
    private final NamedLock locks;
    private final Ids ids;
    private final Clock clock;

    ModelService(ModelRows models, NamedLock locks, Ids ids, Clock clock) {
        this.models = models;
        this.locks = locks;
        this.ids = ids;
        this.clock = clock;
    }

    /** The next version of the name; the same bundle again is the version that it already has. */
    @Transactional
    public ModelRow register(String name, ArtifactId bundle, @Nullable String jobId) {
        locks.take("model:" + name);
        return models.findByNameAndArtifact(name, bundle.value()).orElseGet(() -> {
            int version = models.latestVersion(name) + 1;
            return models.save(new ModelRow(ids.next(PREFIX), name, version, bundle, jobId, clock.instant()));
        });
    }

    @Transactional(readOnly = true)
    public ModelRow get(String id) {
        if (!Ids.valid(PREFIX, id)) {
            throw AthanorException.notFound("model", id);
        }
        return models.findById(id).orElseThrow(() -> AthanorException.notFound("model", id));
    }

    /** Newest first; one more than {@code limit} where there are more. */
    @Transactional(readOnly = true)
    public List<ModelRow> list(@Nullable String after, int limit) {
        return models.page(after == null ? PREFIX + "~" : after, Limit.of(limit + 1));
    }
}
