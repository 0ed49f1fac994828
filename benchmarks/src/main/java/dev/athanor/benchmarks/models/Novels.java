package dev.athanor.benchmarks.models;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A corpus of novels, one of which is held out: the one whose file name has the smallest SHA-256, so that nobody chose it.
 *
 * @param heldOut name of the novel that is not trained on
 * @param trainingTexts all others, in the order of their names
 */
record Novels(String heldOut, String heldOutText, List<String> trainingTexts) {

    private static final int BLOCK = 512;

    /** @param archive a .tar.zst with .txt files in UTF-8 */
    static Novels read(Path archive) throws IOException {
        var texts = new TreeMap<String, String>();
        try (InputStream in = new ZstdInputStream(Files.newInputStream(archive))) {
            for (byte[] header = in.readNBytes(BLOCK);
                    header.length == BLOCK && header[0] != 0;
                    header = in.readNBytes(BLOCK)) {
                String name = new String(header, 0, 100, StandardCharsets.UTF_8).split("\0", 2)[0];
                int size = Integer.parseInt(new String(header, 124, 11, StandardCharsets.US_ASCII).strip(), 8);
                byte[] content = in.readNBytes(size);
                in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
                if (name.endsWith(".txt")) {
                    texts.put(name.substring(name.lastIndexOf('/') + 1), new String(content, StandardCharsets.UTF_8));
                }
            }
        }
        String heldOut =
                texts.keySet().stream().min(Comparator.comparing(Novels::hash)).orElseThrow();
        String heldOutText = Objects.requireNonNull(texts.remove(heldOut));
        return new Novels(heldOut, heldOutText, List.copyOf(texts.values()));
    }

    private static String hash(String name) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
