package dev.athanor.preprocessing.extract;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Reads archives of gold pages and sentences: just enough of the tar format (ustar and GNU long names). */
public final class WebGold {

    private static final int BLOCK = 512;

    private WebGold() {}

    /** File name without folders → bytes. */
    static Map<String, byte[]> read(Path archive) throws IOException {
        var files = new HashMap<String, byte[]>();
        readPaths(archive).forEach((path, bytes) -> files.put(path.substring(path.lastIndexOf('/') + 1), bytes));
        return files;
    }

    /** Path in the archive → bytes. */
    public static Map<String, byte[]> readPaths(Path archive) throws IOException {
        var files = new HashMap<String, byte[]>();
        try (var in = new ZstdInputStream(Files.newInputStream(archive))) {
            in.setLongMax(27);
            String longName = null;
            for (byte[] header = in.readNBytes(BLOCK);
                    header.length == BLOCK && header[0] != 0;
                    header = in.readNBytes(BLOCK)) {
                int size = Integer.parseInt(text(header, 124, 12).strip(), 8);
                byte[] bytes = in.readNBytes(size);
                in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
                if (header[156] == 'L') {
                    longName = text(bytes, 0, bytes.length);
                } else if (header[156] == 'x') {
                    longName = pathOf(bytes, longName);
                } else {
                    String name = longName != null ? longName : text(header, 0, 100);
                    files.put(name, bytes);
                    longName = null;
                }
            }
        }
        return files;
    }

    private static String pathOf(byte[] extended, String otherwise) {
        for (String line : new String(extended, StandardCharsets.UTF_8).split("\n")) {
            int at = line.indexOf(" path=");
            if (at >= 0) {
                return line.substring(at + 6);
            }
        }
        return otherwise;
    }

    private static String text(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }
}
