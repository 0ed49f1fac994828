package dev.athanor.ingestion.content;

import dev.athanor.ingestion.charset.TextDecoder;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Bytes to be read once, with what is known about them beforehand. All reading is under the budget of the file. */
public final class Content {

    private static final int HEAD = 8192;

    private final String uri;
    private final String name;
    private final @Nullable String mediaType;
    private final @Nullable Charset charset;
    private final @Nullable String textColumn;
    private final SortedMap<String, String> facts;
    private final int depth;
    private final Budget budget;
    private final Path workFolder;
    private final BufferedInputStream stream;

    private Content(
            String uri,
            String name,
            @Nullable String mediaType,
            @Nullable Charset charset,
            @Nullable String textColumn,
            SortedMap<String, String> facts,
            int depth,
            Budget budget,
            Path workFolder,
            InputStream guarded) {
        this.uri = uri;
        this.name = name;
        this.mediaType = mediaType;
        this.charset = charset;
        this.textColumn = textColumn;
        this.facts = facts;
        this.depth = depth;
        this.budget = budget;
        this.workFolder = workFolder;
        // Archives may have very many small entries.
        this.stream = new BufferedInputStream(guarded, depth == 0 ? 1 << 16 : 1 << 14);
    }

    /**
     * A whole file or HTTP body.
     *
     * @param name file name: its extension helps to tell the format
     * @param mediaType as the server declared it, without parameters
     * @param charset as the server declared it
     * @param textColumn column of the text in tables, or null to look for the usual names
     * @param facts go into the metadata of every document that comes out
     * @param workFolder for spooling what needs random access
     */
    public static Content of(
            String uri,
            String name,
            @Nullable String mediaType,
            @Nullable Charset charset,
            @Nullable String textColumn,
            SortedMap<String, String> facts,
            Budget budget,
            Path workFolder,
            InputStream in) {
        return new Content(
                uri, name, mediaType, charset, textColumn, new TreeMap<>(facts), 0, budget, workFolder, budget.raw(in));
    }

    /**
     * The same document decompressed; {@code newName} has lost its {@code .gz}.
     *
     * @param compressionTypes media types of the compression, which say nothing about what is inside
     */
    public Content decompressed(String newName, Set<String> compressionTypes, InputStream in)
            throws BadContentException {
        String type = mediaType != null && compressionTypes.contains(mediaType) ? null : mediaType;
        return inner(uri, newName, type, charset, facts, budget.expanded(in));
    }

    /** An entry of an archive that is not compressed by itself (tar, WARC). */
    public Content entry(String path, InputStream in) throws BadContentException {
        return inner(uri + "!/" + path, fileName(path), null, null, facts, in);
    }

    /** An entry that the archive decompresses (zip). */
    public Content expandedEntry(String path, InputStream in) throws BadContentException {
        return inner(uri + "!/" + path, fileName(path), null, null, facts, budget.expanded(in));
    }

    /** Something with an address of its own inside this content, such as a page in a web archive. */
    public Content at(
            String innerUri,
            String innerName,
            @Nullable String type,
            @Nullable Charset set,
            Map<String, String> moreFacts,
            InputStream in)
            throws BadContentException {
        var all = new TreeMap<>(facts);
        all.putAll(moreFacts);
        return inner(innerUri, innerName, type, set, all, in);
    }

    private Content inner(
            String innerUri,
            String innerName,
            @Nullable String type,
            @Nullable Charset set,
            SortedMap<String, String> innerFacts,
            InputStream in)
            throws BadContentException {
        if (depth >= budget.limits().maxNesting()) {
            throw new BadContentException(
                    DeadLetterReason.NESTING_LIMIT,
                    "nested more than " + budget.limits().maxNesting() + " deep");
        }
        return new Content(innerUri, innerName, type, set, textColumn, innerFacts, depth + 1, budget, workFolder, in);
    }

    public String uri() {
        return uri;
    }

    /** File name without directories. */
    public String name() {
        return name;
    }

    /** Declared media type in lower case without parameters, or null. */
    public @Nullable String mediaType() {
        return mediaType;
    }

    /** Declared character encoding, or null. */
    public @Nullable Charset charset() {
        return charset;
    }

    public @Nullable String textColumn() {
        return textColumn;
    }

    /** Facts about where this is from; see {@link Facts}. */
    public SortedMap<String, String> facts() {
        return facts;
    }

    public Budget budget() {
        return budget;
    }

    /** The first bytes, at most 8 KiB; they stay in the stream. */
    public byte[] head() throws IOException {
        return peek(HEAD);
    }

    public byte[] peek(int size) throws IOException {
        return TextDecoder.peek(stream, size);
    }

    public InputStream stream() {
        return stream;
    }

    /** All bytes, for formats that need the whole; at most {@link Limits#maxDocumentBytes}. */
    public byte[] bytes() throws IOException {
        int max = budget.limits().maxDocumentBytes();
        byte[] bytes = stream.readNBytes(max);
        if (bytes.length == max && stream.read() >= 0) {
            throw new BadContentException(DeadLetterReason.TOO_LARGE, "one document of more than " + max + " bytes");
        }
        return bytes;
    }

    /** All bytes in a temporary file, for formats that need random access. The caller deletes it. */
    public Path spool() throws IOException {
        Path file;
        try {
            file = Files.createTempFile(workFolder, "spool-", ".bin");
        } catch (IOException e) {
            throw new Output.Failure(e);
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
                try {
                    out.write(buffer, 0, n);
                } catch (IOException e) {
                    throw new Output.Failure(e);
                }
            }
            return file;
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    static String fileName(String path) {
        return Arrays.stream(path.split("[/\\\\]")).reduce((a, b) -> b).orElse(path);
    }
}
