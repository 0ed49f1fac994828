package dev.athanor.ingestion.source;

import dev.athanor.contracts.spec.SourceSpec;
import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.content.DeadLetterReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects of a bucket, in order of their keys, each as it was when it was listed: one that has another ETag since then is a
 * dead letter, or a task that is tried again would give other documents than before. Endpoint and keys are the service's own,
 * so a job cannot point elsewhere.
 */
final class S3Connector implements Connector<SourceSpec.S3> {

    /** Precondition Failed. */
    private static final int CHANGED = 412;

    private final Supplier<S3Client> client;

    /** @param client made at first use and shared */
    S3Connector(Supplier<S3Client> client) {
        this.client = client;
    }

    @Override
    public Class<SourceSpec.S3> spec() {
        return SourceSpec.S3.class;
    }

    @Override
    public List<Item> seeds(SourceSpec.S3 source) {
        return List.of(Item.of("s3://" + source.bucket() + "/" + source.prefix() + "*", Map.of("kind", "list")));
    }

    @Override
    public void read(SourceSpec.S3 source, Item item, Reading reading) throws IOException, InterruptedException {
        try {
            if (item.fact("kind").equals("list")) {
                for (S3Object object : client.get()
                        .listObjectsV2Paginator(r -> r.bucket(source.bucket()).prefix(source.prefix()))
                        .contents()) {
                    reading.checkStop();
                    if (!object.key().endsWith("/")) {
                        reading.found(new Item(
                                "s3://" + source.bucket() + "/" + object.key(),
                                object.size(),
                                new TreeMap<>(Map.of("key", object.key(), "etag", object.eTag()))));
                    }
                }
                return;
            }
            Path file = Files.createTempFile(reading.workFolder(), "object-", ".bin");
            try {
                Files.delete(file);
                client.get()
                        .getObject(
                                r -> r.bucket(source.bucket())
                                        .key(item.fact("key"))
                                        .ifMatch(item.fact("etag")),
                                file);
                String key = item.fact("key");
                reading.file(Reading.Known.local(item.uri(), key.substring(key.lastIndexOf('/') + 1)), file);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchBucketException e) {
            throw new BadContentException(DeadLetterReason.UNREADABLE, "no bucket '" + source.bucket() + "'");
        } catch (S3Exception e) {
            throw new BadContentException(
                    DeadLetterReason.UNREADABLE,
                    e.statusCode() == CHANGED ? "changed since it was listed" : String.valueOf(e.getMessage()));
        } catch (SdkException e) {
            throw new BadContentException(DeadLetterReason.UNREADABLE, String.valueOf(e.getMessage()));
        }
    }
}
