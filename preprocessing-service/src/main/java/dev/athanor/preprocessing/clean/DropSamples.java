package dev.athanor.preprocessing.clean;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import dev.athanor.contracts.json.Json;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The first few dropped documents of each reason, in the order of the documents. */
final class DropSamples {

    private static final int OF_EACH_REASON = 5;

    private final SortedMap<String, List<DropSample>> byReason = new TreeMap<>();

    void add(DropSample sample) {
        List<DropSample> samples = byReason.computeIfAbsent(sample.reason(), r -> new ArrayList<>());
        if (samples.size() < OF_EACH_REASON) {
            samples.add(sample);
        }
    }

    /** Adds what {@link #toBytes} wrote for documents behind those already here. */
    void addAll(InputStream bytes) throws IOException {
        try (var lines =
                new BufferedReader(new InputStreamReader(new ZstdInputStream(bytes), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                add(Json.MAPPER.readValue(line, DropSample.class));
            }
        }
    }

    SortedMap<String, List<DropSample>> byReason() {
        return byReason;
    }

    /** JSON lines under zstd, by reason. */
    byte[] toBytes() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZstdOutputStream(bytes)) {
            for (List<DropSample> samples : byReason.values()) {
                for (DropSample sample : samples) {
                    out.write(Json.MAPPER.writeValueAsBytes(sample));
                    out.write('\n');
                }
            }
        }
        return bytes.toByteArray();
    }
}
