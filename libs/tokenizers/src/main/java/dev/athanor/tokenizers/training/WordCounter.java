package dev.athanor.tokenizers.training;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.internal.ByteAlphabet;
import dev.athanor.tokenizers.internal.Gpt2Scanner;
import dev.athanor.tokenizers.internal.PieceScanner;
import dev.athanor.tokenizers.internal.Utf8;
import dev.athanor.tokenizers.normalizers.Normalizer;
import dev.athanor.tokenizers.pretokenizers.ByteLevel;
import dev.athanor.tokenizers.pretokenizers.PreTokenizer;
import dev.athanor.tokenizers.pretokenizers.PreTokenizerSequence;
import dev.athanor.tokenizers.pretokenizers.Split;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts the words of texts: the pieces that the normalizer and pre-tokenizer make of them. Not thread-safe; use one a thread and
 * add their counts up.
 */
public final class WordCounter {

    private final @Nullable Normalizer normalizer;
    private final @Nullable PreTokenizer preTokenizer;
    /** Where the parts allow: pieces are counted as raw bytes, and put into the byte alphabet at the end. */
    private final @Nullable PieceScanner byteScanner;

    private final boolean prefixSpace;
    private final WordCounts counts = new WordCounts();
    private byte[] buffer = new byte[1 << 12];

    public WordCounter(@Nullable Normalizer normalizer, @Nullable PreTokenizer preTokenizer) {
        this.normalizer = normalizer;
        this.preTokenizer = preTokenizer;
        byteScanner = normalizer == null ? byteScanner(preTokenizer) : null;
        prefixSpace = preTokenizer instanceof ByteLevel bytes && bytes.addPrefixSpace();
    }

    private static @Nullable PieceScanner byteScanner(@Nullable PreTokenizer pre) {
        if (pre instanceof ByteLevel bytes && bytes.useRegex()) {
            return new Gpt2Scanner();
        }
        if (pre instanceof PreTokenizerSequence(List<PreTokenizer> steps)
                && steps.size() == 2
                && steps.get(0) instanceof Split split
                && steps.get(1) instanceof ByteLevel bytes
                && !bytes.useRegex()
                && !bytes.addPrefixSpace()) {
            return split.scanner();
        }
        return null;
    }

    /** Counts the words of one text. */
    public void count(String text) {
        if (byteScanner == null) {
            countPlain(text);
            return;
        }
        int room = Utf8.maxBytes(text.length()) + 1;
        buffer = buffer.length < room ? new byte[room] : buffer;
        buffer[0] = ' ';
        int end = Utf8.encode(text, 0, text.length(), buffer, 1);
        boolean prefixed = prefixSpace && end > 1 && buffer[1] != ' ';
        countPieces(byteScanner, buffer, prefixed ? 0 : 1, end);
    }

    /** Counts the words of one text in UTF-8. */
    public void count(byte[] utf8, int from, int to) {
        if (byteScanner == null || prefixSpace) {
            count(new String(utf8, from, to - from, StandardCharsets.UTF_8));
        } else {
            countPieces(byteScanner, utf8, from, to);
        }
    }

    private void countPieces(PieceScanner scanner, byte[] b, int from, int to) {
        for (int p = from; p < to; ) {
            int q = scanner.next(b, p, to);
            counts.add(b, p, q, 1);
            p = q;
        }
    }

    private void countPlain(String text) {
        AlignedText aligned = AlignedText.of(text);
        AlignedText normal = normalizer == null ? aligned : normalizer.normalize(aligned);
        List<AlignedText> pieces = preTokenizer == null ? List.of(normal) : preTokenizer.split(normal);
        for (AlignedText piece : pieces) {
            if (!piece.isEmpty()) {
                counts.add(piece.toString(), 1);
            }
        }
    }

    /** About how many bytes of heap the counts take. */
    public long heapBytes() {
        return counts.heapBytes();
    }

    /** Writes the counts of {@link #counts} to a file, as {@link WordCounts#write} does, without making another table of them. */
    public void write(Path file) throws IOException {
        if (byteScanner == null) {
            counts.write(file);
        } else {
            counts.writeInByteAlphabet(file);
        }
    }

    /** Forgets all counts. */
    public void clear() {
        counts.clear();
    }

    /** The counts so far, of the words as the model sees them. */
    public WordCounts counts() {
        if (byteScanner == null) {
            return counts;
        }
        WordCounts mapped = new WordCounts();
        counts.forEachSorted((b, from, to, n) -> mapped.add(ByteAlphabet.encode(b, from, to), n));
        return mapped;
    }
}
