package dev.athanor.ingestion.documents;

import com.github.luben.zstd.ZstdOutputStream;
import dev.athanor.contracts.json.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** JSON lines under zstd; files of this kind may be joined by appending their bytes. */
final class LinesFile implements AutoCloseable {

    private final Path file;
    private final OutputStream out;
    private long lines;

    LinesFile(Path file) throws IOException {
        this.file = file;
        this.out = new BufferedOutputStream(new ZstdOutputStream(Files.newOutputStream(file), 3), 1 << 16);
    }

    void write(Record line) throws IOException {
        out.write(Json.MAPPER.writeValueAsBytes(line));
        out.write('\n');
        lines++;
    }

    long lines() {
        return lines;
    }

    Path file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
