package dev.athanor.artifacts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The few S3 calls that the store needs, under one bucket and key prefix. */
final class S3Objects {

    /** Files above this go up in parts, which S3 asks for above 5 GiB and which survive a flaky line better. */
    static final long MULTIPART_FROM = 32L << 20;

    private static final long PART = 16L << 20;

    private static final int PRECONDITION_FAILED = 412;

    private final S3Client s3;
    private final String bucket;
    private final String prefix;

    S3Objects(S3Client s3, String bucket, String prefix) {
        this.s3 = s3;
        this.bucket = bucket;
        this.prefix = prefix;
    }

    /** Size in bytes, or -1 where there is no such object. */
    long size(String key) {
        try {
            return s3.headObject(r -> r.bucket(bucket).key(prefix + key)).contentLength();
        } catch (NoSuchKeyException e) {
            return -1;
        }
    }

    InputStream open(String key) {
        return s3.getObject(r -> r.bucket(bucket).key(prefix + key));
    }

    /** Writes the object unless there is one already. */
    void putNew(String key, RequestBody body) {
        try {
            s3.putObject(r -> r.bucket(bucket).key(prefix + key).ifNoneMatch("*"), body);
        } catch (S3Exception e) {
            ignoreExisting(e);
        }
    }

    void putNew(String key, Path file, long size) throws IOException {
        if (size <= MULTIPART_FROM) {
            putNew(key, RequestBody.fromFile(file));
            return;
        }
        try {
            putParts(key, file, size, true);
        } catch (S3Exception e) {
            ignoreExisting(e);
        }
    }

    /** Writes the object, replacing an earlier one. */
    void put(String key, Path file) throws IOException {
        long size = Files.size(file);
        if (size <= MULTIPART_FROM) {
            s3.putObject(r -> r.bucket(bucket).key(prefix + key), RequestBody.fromFile(file));
        } else {
            putParts(key, file, size, false);
        }
    }

    List<String> list(String keyPrefix) {
        return s3.listObjectsV2Paginator(r -> r.bucket(bucket).prefix(prefix + keyPrefix)).contents().stream()
                .map(S3Object::key)
                .map(k -> k.substring(prefix.length()))
                .sorted()
                .toList();
    }

    void delete(String key) {
        s3.deleteObject(r -> r.bucket(bucket).key(prefix + key));
    }

    void close() {
        s3.close();
    }

    private void putParts(String key, Path file, long size, boolean onlyNew) throws IOException {
        String upload = s3.createMultipartUpload(r -> r.bucket(bucket).key(prefix + key))
                .uploadId();
        try {
            List<CompletedPart> parts = new ArrayList<>();
            for (long from = 0; from < size; from += PART) {
                parts.add(putPart(key, upload, parts.size() + 1, file, from, Math.min(PART, size - from)));
            }
            s3.completeMultipartUpload(r -> {
                r.bucket(bucket).key(prefix + key).uploadId(upload).multipartUpload(m -> m.parts(parts));
                if (onlyNew) {
                    r.ifNoneMatch("*");
                }
            });
        } catch (RuntimeException | IOException e) {
            s3.abortMultipartUpload(r -> r.bucket(bucket).key(prefix + key).uploadId(upload));
            throw e;
        }
    }

    private CompletedPart putPart(String key, String upload, int number, Path file, long from, long length)
            throws IOException {
        byte[] bytes = new byte[(int) length];
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(from);
            in.readNBytes(bytes, 0, bytes.length);
        }
        String etag = s3.uploadPart(
                        r -> r.bucket(bucket).key(prefix + key).uploadId(upload).partNumber(number),
                        RequestBody.fromBytes(bytes))
                .eTag();
        return CompletedPart.builder().partNumber(number).eTag(etag).build();
    }

    private static void ignoreExisting(S3Exception e) {
        if (e.statusCode() != PRECONDITION_FAILED) {
            throw e;
        }
    }
}
