package dev.athanor.gateway.web;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.error.Violation;
import dev.athanor.contracts.spec.UploadedFile;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Files that a specification can name: for the upload source of an ingestion, or a tokenizer to import. */
@RestController
@Tag(name = "Artifacts")
class UploadController {

    private static final long MAX_BYTES = 1L << 30;

    private final ArtifactStore store;

    UploadController(ArtifactStore store) {
        this.store = store;
    }

    @Operation(
            summary = "Stores a file of at most 1 GiB; the answer is what a specification takes for it",
            parameters = @Parameter(name = "name", in = ParameterIn.QUERY, required = true))
    @PostMapping("/v1/uploads")
    @ResponseStatus(HttpStatus.CREATED)
    UploadedFile upload(HttpServletRequest request) throws IOException {
        String name = name(request.getQueryString());
        if (name == null || !name.matches("[^/\\\\\\p{Cntrl}]{1,200}")) {
            throw AthanorException.invalid(
                    ErrorCode.INVALID_REQUEST,
                    new Violation("name", name, "a file name of 1 to 200 characters without slashes"));
        }
        Path file = Files.createTempFile("athanor-upload-", ".bin");
        try {
            copy(request.getInputStream(), file);
            return new UploadedFile(name, store.put(file));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Not by the request's parameters: asking for them would read a body that a client calls a form, as curl does. */
    private static @Nullable String name(@Nullable String query) {
        for (String pair : query == null ? new String[0] : query.split("&")) {
            if (pair.startsWith("name=")) {
                try {
                    return URLDecoder.decode(pair.substring(5), StandardCharsets.UTF_8);
                } catch (IllegalArgumentException e) {
                    return null;
                }
            }
        }
        return null;
    }

    private static void copy(InputStream in, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            long total = 0;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                total += n;
                if (total > MAX_BYTES) {
                    throw new AthanorException(ErrorCode.PAYLOAD_TOO_LARGE, "expected at most " + MAX_BYTES + " bytes");
                }
                out.write(buffer, 0, n);
            }
        }
    }
}
