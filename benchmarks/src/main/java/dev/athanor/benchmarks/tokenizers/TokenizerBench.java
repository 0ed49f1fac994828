package dev.athanor.benchmarks.tokenizers;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.EncodingType;
import dev.athanor.benchmarks.Benchmark;
import dev.athanor.benchmarks.Figures;
import dev.athanor.tokenizers.Encoding;
import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.Padding;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.internal.KnownPatterns;
import dev.athanor.tokenizers.shards.TokenShardWriter;
import dev.athanor.tokenizers.tiktoken.TiktokenFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Encoding, training and writing shards, beside DJL's binding of the Hugging Face library and jtokkit in the same process. Megabytes
 * are a million bytes of UTF-8. The peers encode a part of the corpus, because they take long.
 */
public final class TokenizerBench implements Benchmark {

    private static final int RUNS = Integer.getInteger("athanor.bench.runs", 7);
    private static final int PEER_LINES = 8_000;
    private static final int BATCH = 64;
    /** Times that one thread and two take turns. */
    private static final int TURNS = Integer.getInteger("athanor.bench.turns", 20);
    /** Lines that a thread takes at once. */
    private static final int PART = 512;

    @Override
    public String name() {
        return "tokenizers";
    }

    @Override
    public String description() {
        return "encoding and training rates, beside DJL's Hugging Face binding and jtokkit";
    }

    @Override
    public void run(Figures figures) throws Exception {
        Path shared = Corpora.folder();
        if (shared == null) {
            figures.note("skipped: no shared/data/bench_corpus beside the project, and ATHANOR_SHARED is not set");
            return;
        }
        byte[] corpus = Corpora.unpacked(shared.resolve("data/bench_corpus/en10.txt.zst"));
        List<String> lines = new String(corpus, StandardCharsets.UTF_8).lines().toList();
        double memory = scanRate(corpus);
        figures.plain("limit: reading the corpus, one thread", memory, "MB/s");
        double probes = probeRate();
        figures.plain("limit: a cache line from 4 MiB per piece", probes, "MB/s");
        for (Map.Entry<String, Tokenizer> entry : tokenizers(shared).entrySet()) {
            encode(entry.getKey(), entry.getValue(), lines, probes, figures);
        }
        jtokkit(lines, figures);
        shards(shared, figures);
        TrainingFigures.measure(shared, lines, figures);
    }

    private static Map<String, Tokenizer> tokenizers(Path shared) throws IOException {
        Map<String, Tokenizer> all = new LinkedHashMap<>();
        for (String name : List.of("gpt2", "bert-base-uncased", "pegasus-unigram")) {
            all.put(
                    name,
                    Tokenizer.fromJson(
                            Corpora.text(shared.resolve("data/tokenizers/" + name + ".tokenizer.json.zst"))));
        }
        all.put(
                "unigram-8k",
                Tokenizer.fromJson(Corpora.text(shared.resolve("golden/trained/hf-unigram-en10.json.zst"))));
        return all;
    }

    private static void encode(String name, Tokenizer ours, List<String> lines, double probes, Figures figures)
            throws Exception {
        List<String> known = encodable(ours, lines);
        double bytes = bytes(known);
        Stopwatch.Rates rates = rates(ours, known);
        double one = bytes / 1e6 * rates.one();
        List<String> some = known.subList(0, Math.min(PEER_LINES, known.size()));
        double offsets = bytes / 1e6 / Stopwatch.seconds(1, RUNS, t -> known.forEach(line -> ours.encode(line, true)));
        double padded = bytes / 1e6 / Stopwatch.seconds(1, RUNS, t -> batches(ours, known));
        double theirs;
        double theirPadded;
        try (HuggingFaceTokenizer peer = HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(ours.toJson().getBytes(StandardCharsets.UTF_8)),
                Map.of("truncation", "DO_NOT_TRUNCATE", "padding", "DO_NOT_PAD"))) {
            theirs = bytes(some)
                    / 1e6
                    / Stopwatch.seconds(1, 3, t -> some.forEach(line -> peer.encode(line, false, false)));
        }
        try (HuggingFaceTokenizer peer = HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(ours.toJson().getBytes(StandardCharsets.UTF_8)),
                Map.of("truncation", "DO_NOT_TRUNCATE", "padding", "true"))) {
            theirPadded = bytes(some) / 1e6 / Stopwatch.seconds(1, 3, t -> peerBatches(peer, some));
        }
        figures.higherIsBetter(name + ": encode, 1 thread", one, "MB/s", "HF binding", theirs);
        twoThreads(name, bytes, rates, figures);
        figures.higherIsBetter(name + ": with offsets, 1 thread", offsets, "MB/s", "HF binding", theirs);
        figures.higherIsBetter(
                name + ": batches padded to arrays, 1 thread", padded, "MB/s", "HF binding, 2 threads", theirPadded);
        figures.higherIsBetter(name + ": of the limit of the cache probe", one, "MB/s", "probes", probes);
        IntList out = new IntList(1 << 22);
        encodeInto(ours, known, out);
        int tokens = out.size();
        out.clear();
        figures.plain(
                name + ": bytes allocated a token",
                (double) Stopwatch.allocated(t -> encodeInto(ours, known, out)) / tokens,
                "B");
    }

    private static void twoThreads(String name, double bytes, Stopwatch.Rates rates, Figures figures) {
        double one = bytes / 1e6 * rates.one();
        double two = bytes / 1e6 * rates.two();
        figures.higherIsBetter(name + ": encode, 2 threads", two, "MB/s", "1 thread", one);
        figures.higherIsBetter(
                name + ": 2 threads by 1 thread", rates.factor(), "times", "arithmetic meanwhile", rates.machine());
    }

    /** Batches as a model is fed with: ids and masks of one length, row by row in one array. */
    private static void batches(Tokenizer tokenizer, List<String> lines) {
        Tokenizer padding = Tokenizer.of(tokenizer.spec().withPadding(Padding.longest(0, "[PAD]")));
        for (int from = 0; from < lines.size(); from += BATCH) {
            List<Encoding> batch = padding.encodeBatch(lines.subList(from, Math.min(lines.size(), from + BATCH)), true);
            int columns = batch.getFirst().length();
            long[] ids = new long[batch.size() * columns];
            long[] mask = new long[ids.length];
            for (int row = 0; row < batch.size(); row++) {
                Encoding e = batch.get(row);
                for (int i = 0; i < columns; i++) {
                    ids[row * columns + i] = e.ids()[i];
                    mask[row * columns + i] = e.attentionMask()[i];
                }
            }
        }
    }

    private static void peerBatches(HuggingFaceTokenizer peer, List<String> lines) {
        for (int from = 0; from < lines.size(); from += BATCH) {
            peer.batchEncode(lines.subList(from, Math.min(lines.size(), from + BATCH)));
        }
    }

    /** The lines that a tokenizer without an unknown token can encode. */
    private static List<String> encodable(Tokenizer tokenizer, List<String> lines) {
        List<String> known = new ArrayList<>();
        IntList out = new IntList();
        for (String line : lines) {
            try {
                out.clear();
                tokenizer.encodeIds(line, out);
                known.add(line);
            } catch (IllegalStateException unknownCharacter) {
                continue;
            }
        }
        return known;
    }

    private static double bytes(List<String> lines) {
        return lines.stream()
                .mapToLong(l -> l.getBytes(StandardCharsets.UTF_8).length + 1L)
                .sum();
    }

    /** How often a second all lines are encoded: one tokenizer for both threads, and a list of ids for each, as long as a part needs. */
    private static Stopwatch.Rates rates(Tokenizer tokenizer, List<String> lines) throws Exception {
        int parts = (lines.size() + PART - 1) / PART;
        return Stopwatch.oneAndTwo(TURNS, parts, IntList::new, (ids, part) -> {
            ids.clear();
            encodeInto(tokenizer, lines.subList(part * PART, Math.min(lines.size(), (part + 1) * PART)), ids);
        });
    }

    private static void encodeInto(Tokenizer tokenizer, List<String> lines, IntList out) {
        for (String line : lines) {
            tokenizer.encodeIds(line, out);
        }
    }

    private static void jtokkit(List<String> lines, Figures figures) throws Exception {
        String file;
        try (InputStream in = Objects.requireNonNull(
                Encodings.class.getResourceAsStream("/com/knuddels/jtokkit/cl100k_base.tiktoken"))) {
            file = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
        Tokenizer ours = TiktokenFile.parse(file, KnownPatterns.CL100K, Map.of());
        var peer = Encodings.newDefaultEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);
        double bytes = bytes(lines);
        Stopwatch.Rates rates = rates(ours, lines);
        double one = bytes / 1e6 * rates.one();
        double theirs = bytes / 1e6 / Stopwatch.seconds(1, 4, t -> lines.forEach(peer::encodeOrdinary));
        figures.higherIsBetter("cl100k: encode, 1 thread", one, "MB/s", "jtokkit", theirs);
        twoThreads("cl100k", bytes, rates, figures);
    }

    /** Two workers, each: read a zstd shard, encode its lines, write a token shard. */
    private static void shards(Path shared, Figures figures) throws Exception {
        Path zstd = shared.resolve("data/bench_corpus/en10.txt.zst");
        Tokenizer gpt2 = Tokenizer.fromJson(Corpora.text(shared.resolve("data/tokenizers/gpt2.tokenizer.json.zst")));
        Path folder = Files.createTempDirectory("athanor-bench");
        double seconds = Stopwatch.seconds(2, RUNS, thread -> {
            byte[] text = Corpora.unpacked(zstd);
            IntList ids = new IntList();
            try (TokenShardWriter writer = new TokenShardWriter(folder.resolve(thread + ".tokens"), gpt2.vocabSize())) {
                for (int from = 0; from < text.length; ) {
                    int to = from;
                    while (to < text.length && text[to] != '\n') {
                        to++;
                    }
                    ids.clear();
                    gpt2.encodeIds(text, from, to, ids);
                    writer.addDocument(ids);
                    from = to + 1;
                }
                writer.finish();
            }
        });
        double megabytes = 2 * Corpora.unpacked(zstd).length / 1e6;
        figures.higherIsBetter("zstd to token shard, 2 threads", megabytes / seconds, "MB/s", "goal", 80);
        for (int thread = 0; thread < 2; thread++) {
            Files.deleteIfExists(folder.resolve(thread + ".tokens"));
        }
        Files.delete(folder);
    }

    private static double scanRate(byte[] corpus) throws Exception {
        long[] sum = new long[1];
        double seconds = Stopwatch.seconds(1, RUNS, t -> {
            for (byte b : corpus) {
                sum[0] += b;
            }
        });
        return sum[0] == 1 ? 0 : corpus.length / 1e6 / seconds;
    }

    /** What finding one cache line at random in the piece cache costs, at 4.3 bytes a piece. */
    private static double probeRate() throws Exception {
        long[] table = new long[1 << 19];
        int pieces = 5_000_000;
        long[] sum = new long[1];
        double seconds = Stopwatch.seconds(1, RUNS, t -> {
            int at = 1;
            for (int i = 0; i < pieces; i++) {
                at = (int) (at * 0x9E3779B1L + table[at & (1 << 19) - 1]);
                sum[0] += at;
            }
        });
        return sum[0] == 1 ? 0 : pieces * 4.3 / 1e6 / seconds;
    }
}
